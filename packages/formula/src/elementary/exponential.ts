import { highWord, lowWord, max, min, relu, roundShift, twoTo, withHighWord, withSign } from './bits.ts'

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

/** High word of sqrt(1/2), rounded down: the significand is reduced to [sqrt(1/2), sqrt(2)). */
const lowest = 0x3fe6a09e

/**
 * Natural logarithm. Largest error measured: 0.86 ulp.
 * log(0) = -Infinity, log(x < 0) = NaN. Arguments may be subnormal.
 *
 * With x = 2^k (1 + f) and s = f / (2 + f), log(1 + f) = 2 atanh(s) = f - f^2/2 + s (f^2/2 + s^2 L(s^2)). The
 * operations are arranged as in fdlibm's e_log.c (Sun, 1993). The polynomial L has degree 6 (fixtures/fit.py log).
 */
export function log(x: number): number {
  const subnormal = x < 2.2250738585072014e-308
  const scaled = subnormal ? x * 18014398509481984 : x
  const high = highWord(scaled)
  const offset = (high - lowest) | 0
  const k = (offset >> 20) - (subnormal ? 54 : 0)
  const f = withHighWord(scaled, high - (offset & 0xfff00000)) - 1
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const l01 = 0.6666666666666734 + 0.3999999999941769 * z
  const l23 = 0.2857142874176354 + 0.22222198632462345 * z
  const l45 = 0.18183561491230885 + 0.1531411692891872 * z
  const r = z * (l01 + w * (l23 + w * (l45 + w * 0.1479534532674964)))
  const halfSquare = 0.5 * f * f
  const value = k * ln2Upper - (halfSquare - (s * (halfSquare + r) + k * ln2Lower) - f)
  if (x > 0) return x < Number.POSITIVE_INFINITY ? value : x
  return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN
}

/**
 * log(1 + e) for 0 <= e <= 1. Here 1 + e = 2^k (1 + f). If e < 1/2, k is 0 and f is e. Otherwise, k is 1 and f is
 * (1 + e) / 2 - 1, which is computed without rounding error. The formula is the same as in log, but |s| <= 1/5
 * (fixtures/fit.py log1p).
 */
export function logOnePlus(e: number): number {
  const halved = e >= 0.5
  const f = halved ? (e - 1) * 0.5 : e
  const k = halved ? 1 : 0
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const l01 = 0.666666666666666 + 0.40000000000055297 * z
  const l23 = 0.28571428556145934 + 0.22222224262001367 * z
  const l45 = 0.18181667865810755 + 0.15391049547530206 * z
  const l67 = 0.13174626318445684 + 0.13836265860545235 * z
  const r = z * (l01 + w * (l23 + w * (l45 + w * l67)))
  const halfSquare = 0.5 * f * f
  return k * ln2Upper - (halfSquare - (s * (halfSquare + r) + k * ln2Lower) - f)
}

/** exp(-|x|), in (0, 1]. */
function decay(x: number): number {
  return expScaled(max(-Math.abs(x), -746), 0)
}

/**
 * 1 / (1 + e^-x). For x < 0 it is computed as d - d (d / (1 + d)) with d = e^x. If d is small, the error of this
 * expression is little more than the error of d. Largest error measured: 1.60 ulp.
 */
export function sigmoid(x: number): number {
  const e = decay(x)
  const quotient = (x < 0 ? e : 1) / (1 + e)
  return x < 0 ? e - e * quotient : quotient
}

/** log(1 + e^x) = max(x, 0) + log(1 + e^-|x|). Largest error measured: 1.48 ulp. */
export function softplus(x: number): number {
  return relu(x) + logOnePlus(decay(x))
}

/**
 * Error function, which is odd. For 0 <= x < 0.84375 it is x + x P(x^2) / Q(x^2), and for larger x it is 1 - exp(-x^2)
 * P(x) / Q(x) (fixtures/fit.py erf, erfcx; intervals as in W. J. Cody, Math. Comp. 23, 1969). Largest error measured:
 * 1.40 ulp.
 */
export function erf(x: number): number {
  const a = min(Math.abs(x), 6)
  const z = a * a
  if (a < 0.84375) {
    const p2 =
      -0.0476939698647356 + z * (-0.008716708250323914 + z * (-0.0004803189547585447 + z * -2.004590198230704e-5))
    const p = 0.1283791670955126 + z * (-0.31726365778943144 + z * p2)
    const q2 =
      0.09288617823183384 + z * (0.010511395295464446 + z * (0.0006742354683242841 + z * 1.9994249039402407e-5))
    const q = 1 + z * (0.45850687906872767 + z * q2)
    return withSign(a + a * (p / q), x)
  }
  const p3 = 0.5555340958282943 + a * (0.1616464807314779 + a * (0.02801142072883471 + a * 0.002296817379084411))
  const p = 1.0000000027294795 + a * (1.5545296966290283 + a * (1.1981057349681408 + a * p3))
  const q4 = 1.0095308357505375 + a * (0.28854236133206473 + a * (0.04964917294534245 + a * 0.004070996928825498))
  const q = 1 + a * (2.682908897164762 + a * (3.2254440460710776 + a * (2.264402573215722 + a * q4)))
  return withSign(1 - expBounded(-z) * (p / q), x)
}
