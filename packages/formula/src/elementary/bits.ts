/**
 * Access to the bits of a double as two 32-bit words (little-endian hosts only, as in WebAssembly). The arrays are
 * scratch space of the module: every function writes to them before it reads them.
 */
const float = new Float64Array(1)
const words = new Int32Array(float.buffer)

/** Low word, signed: after adding `roundShift` it holds the rounded integer. */
export function lowWord(x: number): number {
  float[0] = x
  return words[0]!
}

/** High word, signed: sign, exponent and the first 20 bits of the significand. */
export function highWord(x: number): number {
  float[0] = x
  return words[1]!
}

/** x with its high word replaced. */
export function withHighWord(x: number, high: number): number {
  float[0] = x
  words[1] = high
  return float[0]!
}

/** The upper 21 significant bits of x, so that a product of two such parts is exact. */
export function upper(x: number): number {
  float[0] = x
  words[0] = 0
  return float[0]!
}

/** 2^k for -1022 <= k <= 1023; the bits are (k + 1023) << 52 for any k. */
export function twoTo(k: number): number {
  words[0] = 0
  words[1] = (k + 1023) << 20
  return float[0]!
}

/** magnitude >= 0 with the sign bit of sign (also of -0). */
export function withSign(magnitude: number, sign: number): number {
  return highWord(sign) < 0 ? -magnitude : magnitude
}

/** 1.5 * 2^52: x + roundShift rounds |x| < 2^31 to an integer, whose low bits are the low word of the sum. */
export const roundShift = 6755399441055744
