import { max, min, withSign } from './bits.ts'
import { expScaled } from './exponential.ts'

/** e^|x| / 2; it overflows to Infinity only where sinh and cosh do. */
function halfExp(magnitude: number): number {
  return expScaled(min(magnitude, 712), -1)
}

/**
 * Hyperbolic sine. For |x| < 1 it is an odd polynomial (fixtures/fit.py sinh), otherwise (e^x - e^-x) / 2. Largest
 * error measured: 1.60 ulp.
 */
export function sinh(x: number): number {
  const magnitude = Math.abs(x)
  if (magnitude < 1) {
    const z = x * x
    const w = z * z
    const h01 = 0.16666666666666666 + 0.008333333333333333 * z
    const h23 = 0.00019841269841269592 + 2.755731922412018e-6 * z
    const h45 = 2.5052108345654353e-8 + 1.6059050704326124e-10 * z
    const h67 = 7.646476456955315e-13 + 2.848395879113187e-15 * z
    return x + x * (z * (h01 + w * (h23 + w * (h45 + w * h67))))
  }
  const half = halfExp(magnitude)
  return withSign(half - 0.25 / half, x)
}

/** Hyperbolic cosine, (e^x + e^-x) / 2. Largest error measured: 1.06 ulp. */
export function cosh(x: number): number {
  const half = halfExp(Math.abs(x))
  return half + 0.25 / half
}

/**
 * 1.5 * 2^45 + 2440/128. If |x| < 2^43, the addition x + shift rounds x to i/128, the nearest multiple of 1/128. The
 * low bits of the sum hold i + 2440, the index in `tanhTable`.
 */
const shift = 52776558133267.06

/**
 * Hyperbolic tangent by the addition theorem, T + (1 - T^2) u / (1 + T u). Here c = i/128 is nearest to x, T = tanh c
 * is from a table, and u = tanh(d) = d (1 - z P(z)) with d = x - c and z = d^2 (fixtures/fit.py tanh). Largest error
 * measured: 1.23 ulp.
 */
export function tanh(x: number): number {
  const clamped = max(min(x, 19.0625), -19.0625)
  const nearest = clamped + shift - shift
  const d = clamped - nearest
  // If x is NaN, the table has no entry.
  const t = tanhTable[nearest * 128 + 2440] ?? Number.NaN
  const z = d * d
  const u = d * (1 - z * (0.3333333333279204 - 0.13333218679161019 * z))
  return t + ((1 - t * t) * u) / (1 + t * u)
}

/** Number of steps of 1/128 up to 19.0625, beyond which tanh always rounds to 1. */
const steps = 2440
/**
 * tanh(1/128), accurate to 107 bits, is the sum first + rest. Its digits are printed by:
 * python3 -c "from mpmath import *; mp.prec = 300; print(tanh(mpf(1)/128))"
 */
const first = 0.007812341058161014
const rest = 6.570221056747088e-20

/**
 * tanh(i/128) for i = -2440 .. 2440, at index i + 2440. The entry for 0 is -0, so that -0 + x is x for every x. All
 * entries are rounded correctly, as fixtures/tanhTable.py shows. By the addition theorem, the entry that follows T is
 * (T + t)/(1 + T t) with t = tanh(1/128). To compute it, every number is carried as a sum of two doubles (Dekker,
 * Numer. Math. 18, 1971).
 */
export const tanhTable: Float64Array = build()

function build(): Float64Array {
  const table = new Float64Array(2 * steps + 1)
  let [high, low] = [first, rest]
  for (let i = 1; i <= steps; i++) {
    table[steps + i] = high
    table[steps - i] = -high
    const sum = high + first
    const sumRest = first - (sum - high) + (low + rest)
    const product = high * first
    const one = 1 + product
    const oneRest = product - (one - 1) + (lostIn(high, first, product) + (high * rest + low * first))
    const quotient = sum / one
    const back = quotient * one
    const correction = (sum - back - lostIn(quotient, one, back) + (sumRest - quotient * oneRest)) / one
    high = quotient + correction
    low = correction - (high - quotient)
  }
  table[steps] = -0
  return table
}

/** The rounding error `a * b - product`, computed exactly by splitting each factor into two halves (Veltkamp). */
function lostIn(a: number, b: number, product: number): number {
  const aHigh = upperHalf(a)
  const bHigh = upperHalf(b)
  const [aLow, bLow] = [a - aHigh, b - bHigh]
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow
}

function upperHalf(a: number): number {
  const scaled = 134217729 * a
  return scaled - (scaled - a)
}
