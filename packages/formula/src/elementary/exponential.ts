import { lowWord, roundShift, twoTo } from './bits.ts'
import { max, min } from './selection.ts'

// biome-ignore lint/suspicious/noApproximativeNumericConstant: engines may choose the bits of Math.LOG2E.
const inverseLn2 = 1.4426950408889634
/** ln 2 in two parts. The first has 32 bits, so that its product with k is exact for |k| < 2^21. */
export const ln2Upper = 0.6931471803691238
export const ln2Lower = 1.9082149292705877e-10

/**
 * exp(upper - lower) for |upper - lower| <= 0.348, where upper is exact and lower is small. With r = upper - lower, the
 * result is 1 + r + r^2 q(r). The polynomial q has degree 9 (fixtures/fit.py exp), and its terms are paired (Estrin's
 * scheme).
 */
export function expReduced(upper: number, lower: number): number {
  const r = upper - lower
  const r2 = r * r
  const r4 = r2 * r2
  const q01 = 0.5000000000000016 + 0.1666666666666668 * r
  const q23 = 0.04166666666649663 + 0.008333333333320257 * r
  const q45 = 0.0013888888951375555 + 0.00019841269889324774 * r
  const q67 = 2.4801485806206608e-5 + 2.7557241167709257e-6 * r
  const q89 = 2.7632662161234353e-7 + 2.5110054903354823e-8 * r
  const q = q01 + q23 * r2 + (q45 + q67 * r2 + q89 * r4) * r4
  const sum = 1 + upper
  return sum + (upper - (sum - 1) + (r2 * q - lower))
}

/**
 * exp(x) for -708 <= x <= 709. Reduces x to k ln 2 + r, with ln 2 in two parts (Cody and Waite, 1980). In this range,
 * 2^k is a normal number, so a single multiplication by it is enough. erf uses this function.
 */
export function expBounded(x: number): number {
  const shifted = x * inverseLn2 + roundShift
  const k = shifted - roundShift
  return expReduced(x - k * ln2Upper, k * ln2Lower) * twoTo(lowWord(shifted))
}

/**
 * exp(x) 2^shift for -746 <= x <= 712. The power of two by which `expReduced` is multiplied may not be a normal double.
 * So two powers are used, each with half the exponent. The first product is exact, so a subnormal result is rounded
 * only by the second product.
 */
export function expScaled(x: number, shift: number): number {
  const shifted = x * inverseLn2 + roundShift
  const k = shifted - roundShift
  const exponent = lowWord(shifted) + shift
  const half = exponent >> 1
  return expReduced(x - k * ln2Upper, k * ln2Lower) * twoTo(half) * twoTo(exponent - half)
}

/**
 * e^x. Largest error measured: 0.69 ulp.
 * exp(-Infinity) = 0, exp(Infinity) = Infinity. Results may be subnormal.
 */
export function exp(x: number): number {
  return expScaled(max(min(x, 710), -746), 0)
}
