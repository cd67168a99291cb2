import { highWord, lowWord, max, min, roundShift, twoTo, upper, withHighWord } from './bits.ts'
import { expReduced } from './exponential.ts'

// biome-ignore lint/suspicious/noApproximativeNumericConstant: the standard leaves the bits of Math.LN2 to the engine.
const ln2 = 0.6931471805599453

/**
 * log2(a) of a positive finite number as upper + lower. The upper part has at most 32 significant bits.
 *
 * It has a relative error of about 2^-67. Here a = 2^n m, where m is near c = 1 or c = 3/2. Let
 * s = (m - c) / (m + c). Then log2(m / c) = 2/(3 ln 2) s (3 + s^2 + s^4 L(s^2)), where s and the sum are carried in two
 * parts (arrangement of fdlibm's e_pow.c, Sun 1993; fixtures/fit.py power).
 */
function log2Parts(a: number) {
  const subnormal = a < 2.2250738585072014e-308
  const scaled = subnormal ? a * 18014398509481984 : a
  const high = highWord(scaled)
  const offset = (high - 0x3febb67a) | 0
  const n = (offset >> 20) - (subnormal ? 54 : 0)
  const m = withHighWord(scaled, high - (offset & 0xfff00000))
  const aroundOne = m < 1.224744871391589
  const c = aroundOne ? 1 : 1.5
  const numerator = m - c
  const denominator = m + c
  const reciprocal = 1 / denominator
  const s = numerator * reciprocal
  const sUpper = upper(s)
  const denominatorUpper = upper(denominator)
  const denominatorLower = m - (denominatorUpper - c)
  const sLower = reciprocal * (numerator - sUpper * denominatorUpper - sUpper * denominatorLower)
  const z = s * s
  const w = z * z
  const l01 = 0.5999999999999999 + 0.42857142857213953 * z
  const l23 = 0.3333333325222941 + 0.2727276108613744 * z
  const l45 = 0.23070558861292417 + 0.20550466745985416 * z
  const series = w * (l01 + w * (l23 + w * l45)) + sLower * (sUpper + s)
  const square = sUpper * sUpper
  const sumUpper = upper(3 + square + series)
  const sumLower = series - (sumUpper - 3 - square)
  const productHead = sUpper * sumUpper
  const productTail = sLower * sumUpper + sumLower * s
  const productUpper = upper(productHead + productTail)
  const productLower = productTail - (productUpper - productHead)
  const head = 0.9617962837219238 * productUpper
  const tail =
    4.102040517767816e-7 * productUpper + productLower * 0.9617966939259756 + (aroundOne ? 0 : 1.3270968157207873e-7)
  const base = aroundOne ? 0 : 0.5849623680114746
  const total = upper(head + tail + base + n)
  return { upper: total, lower: tail - (total - n - base - head) }
}

/** |x|^y for positive finite |x|: 2^(y log2 |x|) with the exponent in two parts. */
function powerPositive(a: number, y: number): number {
  const exponent = max(min(y, 1e20), -1e20)
  const log2 = log2Parts(a)
  const exponentUpper = upper(exponent)
  const tail = (exponent - exponentUpper) * log2.upper + exponent * log2.lower
  const head = exponentUpper * log2.upper
  const sum = tail + head
  const over = sum > 1025
  const under = sum < -1080
  const h = over ? 1025 : under ? -1080 : head
  const t = over || under ? 0 : tail
  const shifted = h + t + roundShift
  const k = shifted - roundShift
  const rest = h - k
  const total = upper(rest + t)
  const lost = t - (total - rest)
  const value = expReduced(total * 0.6931467056274414, -(lost * ln2 + total * 4.7493250390316726e-7))
  const low = lowWord(shifted)
  const half = low >> 1
  return value * twoTo(half) * twoTo(low - half)
}

/**
 * x^y with the special values of IEEE 754 pow (C99 F.10.4.4): x^0 = 1 even if x is NaN, 1^y = 1 even if y is NaN, and
 * (-1)^(+-Infinity) = 1. A negative base with an exponent that is not an integer gives NaN. Largest error measured:
 * 0.67 ulp.
 */
export function power(x: number, y: number): number {
  if (y === 0 || x === 1) return 1
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN
  const a = Math.abs(x)
  const integer = Math.floor(y) === y
  const half = y * 0.5
  const odd = integer && Math.floor(half) !== half
  if (x < 0 && !integer && a !== Number.POSITIVE_INFINITY) return Number.NaN
  const extreme = a === 0 || a === Number.POSITIVE_INFINITY
  const value = extreme ? ((a === 0) === y < 0 ? Number.POSITIVE_INFINITY : 0) : powerPositive(a, y)
  return odd && highWord(x) < 0 ? -value : value
}

/**
 * x^k for an integer |k| <= 64 in one fixed order of multiplications (repeated squaring, left to right):
 *
 *   x^0 = 1, x^1 = x, x^(2m) = x^m * x^m, x^(2m+1) = x^(2m) * x, x^-k = 1 / x^k,
 *
 * hence x^3 = (x*x)*x, x^4 = (x*x)*(x*x), x^5 = ((x*x)*(x*x))*x, x^6 = x^3 * x^3. The kernel's code generator
 * unrolls this recursion, with one temporary per level. Error: at most about k ulp. If k is negative, the result is 0
 * when x^|k| overflows, and infinite when x^|k| underflows to 0.
 */
export function powerInteger(x: number, k: number): number {
  if (k < 0) return 1 / powerInteger(x, -k)
  if (k === 0) return 1
  let result = x
  for (let bit = 30 - Math.clz32(k); bit >= 0; bit--) {
    result = result * result
    if ((k >> bit) & 1) result = result * x
  }
  return result
}
