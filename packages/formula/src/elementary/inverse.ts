import { upper, withSign } from './bits.ts'

const halfPi = 1.5707963267948966
const halfPiLower = 6.123233995736766e-17

/**
 * Arc tangent. The argument is reduced to |t| <= 7/16 by the addition theorem around 0, 1/2, 1, 3/2 or infinity
 * (fdlibm's s_atan.c, Sun 1993). The arc tangent of t is an odd polynomial in t (fixtures/fit.py atan). Largest error
 * measured: 0.83 ulp.
 */
export function atan(x: number): number {
  const a = Math.abs(x)
  let numerator = -1
  let denominator = a
  let base = halfPi
  let baseLower = halfPiLower
  if (a < 0.4375) {
    numerator = a
    denominator = 1
    base = 0
    baseLower = 0
  } else if (a < 0.6875) {
    numerator = 2 * a - 1
    denominator = 2 + a
    base = 0.4636476090008061
    baseLower = 2.2698777452961687e-17
  } else if (a < 1.1875) {
    numerator = a - 1
    denominator = a + 1
    base = 0.7853981633974483
    baseLower = 3.061616997868383e-17
  } else if (a < 2.4375) {
    numerator = a - 1.5
    denominator = 1 + 1.5 * a
    base = 0.982793723247329
    baseLower = 1.3903311031230998e-17
  }
  const t = numerator / denominator
  const z = t * t
  const w = z * z
  const a01 = 0.33333333333332904 + -0.19999999999869192 * z
  const a23 = 0.1428571427186909 + -0.11111110378039767 * z
  const a45 = 0.0909088645105397 + -0.07691865691545767 * z
  const a67 = 0.06660969524996499 + -0.05832915828688374 * z
  const a89 = 0.049743166436525765 + -0.03647497686631413 * z
  const p = z * (a01 + w * (a23 + w * (a45 + w * (a67 + w * (a89 + w * 0.01623186368436869)))))
  return withSign(base - (t * p - baseLower - t), x)
}

/** asin(x) / x - 1 as a function of z = x^2 <= 1/4 (fixtures/fit.py asin). */
function asinSeries(z: number): number {
  const w = z * z
  const r01 = 0.16666666666666752 + 0.0749999999997315 * z
  const r23 = 0.04464285717236861 + 0.030381942815076998 * z
  const r45 = 0.022372211982030567 + 0.0173516655888634 * z
  const r67 = 0.013980184093834582 + 0.011404068082388074 * z
  const r89 = 0.010751656079494408 + 0.003813270416705725 * z
  const rab = 0.021450242779625966 + -0.020638983964698716 * z
  return z * (r01 + w * (r23 + w * (r45 + w * (r67 + w * (r89 + w * (rab + w * 0.032405832749597234))))))
}

/**
 * Arc cosine, NaN outside [-1, 1]. For |x| < 1/2 it is pi/2 - asin(x), for x >= 1/2 it is 2 asin(sqrt((1 - x) / 2)),
 * and for x <= -1/2 it is pi - acos(-x). Near 1 the square root is carried to twice the precision (fdlibm's e_acos.c,
 * Sun 1993). Largest error measured: 0.88 ulp.
 */
export function acos(x: number): number {
  const a = Math.abs(x)
  if (a < 0.5) return halfPi - (x - (halfPiLower - x * asinSeries(x * x)))
  const z = (1 - a) * 0.5
  const r = asinSeries(z)
  const s = Math.sqrt(z)
  if (x < 0) return 2 * (halfPi - (s + (r * s - halfPiLower)))
  const head = upper(s)
  // The tiny addend matters only at x = 1, where it turns 0 / 0 into 0.
  const rest = (z - head * head) / (s + head + 1e-300)
  return 2 * (head + (r * s + rest))
}
