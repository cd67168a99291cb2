import { highWord, withHighWord } from './bits.ts'
import { ln2Lower, ln2Upper } from './exponential.ts'

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
