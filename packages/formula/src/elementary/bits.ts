/**
 * Access to the bits of a double as two 32-bit words (little-endian hosts only, as in WebAssembly). The arrays are
 * scratch space of the module: every function writes to them before it reads them.
 */
const float = new Float64Array(1)
const words = new Int32Array(float.buffer)

/** Low word, signed. If x is v + `roundShift` with |v| < 2^31, this word is v rounded to an integer. */
export function lowWord(x: number): number {
  float[0] = x
  return words[0]!
}

/** High word, signed: sign, exponent and the first 20 bits of the significand. */
export function highWord(x: number): number {
  float[0] = x
  return words[1]!
}

export function withHighWord(x: number, high: number): number {
  float[0] = x
  words[1] = high
  return float[0]!
}

/** x cut to its upper 21 significant bits. The product of two numbers cut like this is exact. */
export function upper(x: number): number {
  float[0] = x
  words[0] = 0
  return float[0]!
}

/** 2^k for -1022 <= k <= 1023. For any other k, returns the double with the bits (k + 1023) << 52. */
export function twoTo(k: number): number {
  words[0] = 0
  words[1] = (k + 1023) << 20
  return float[0]!
}

/** Returns `magnitude`, which is >= 0, with the sign bit of `sign`, even if `sign` is -0. */
export function withSign(magnitude: number, sign: number): number {
  return highWord(sign) < 0 ? -magnitude : magnitude
}

/**
 * 1.5 * 2^52. If |x| < 2^31, the addition x + roundShift rounds x to an integer. The low word of the sum is this
 * integer.
 */
export const roundShift = 6755399441055744

/** `sqrt` is rounded correctly, and `abs` only clears the sign bit, so every engine gives the same bits. */
export const { abs, sqrt } = Math

/** b < a ? b : a, as WebAssembly's f64x2.pmin: a if either is NaN, and a if both are zeros. */
export function min(a: number, b: number): number {
  // biome-ignore lint/complexity/useMathMinMax: Math.min and Math.max treat NaN and -0 differently.
  return b < a ? b : a
}

/** a < b ? b : a, as WebAssembly's f64x2.pmax. */
export function max(a: number, b: number): number {
  // biome-ignore lint/complexity/useMathMinMax: Math.min and Math.max treat NaN and -0 differently.
  return a < b ? b : a
}

/** -1, 0 or 1; sign(-0) = 0, sign(NaN) = NaN. */
export function sign(x: number): number {
  if (x > 0) return 1
  if (x < 0) return -1
  return x === 0 ? 0 : x
}

/** x > 0 ? x : 0; relu(NaN) = 0. */
export function relu(x: number): number {
  // biome-ignore lint/complexity/useMathMinMax: Math.min and Math.max treat NaN and -0 differently.
  return x > 0 ? x : 0
}
