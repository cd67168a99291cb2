import { highWord, upper } from './bits.ts'
import { type ReducedAngle, reduceAngle } from './reduction.ts'

/**
 * sin(x + tail) for an angle x + tail in [-pi/4, pi/4]. The operations are arranged as in fdlibm's k_sin.c (Sun 1993).
 * `fixtures/fit.py sin` prints the coefficients.
 */
function sinReduced(x: number, tail: number): number {
  const z = x * x
  const w = z * z
  const s12 = 0.008333333333322404 + -0.00019841269829800958 * z
  const s34 = 2.7557313689617902e-6 + -2.5050757764922836e-8 * z
  const s = s12 + w * (s34 + w * 1.589677581860031e-10)
  const cube = z * x
  return x - (z * (0.5 * tail - cube * s) - tail - cube * -0.16666666666666632)
}

/**
 * cos(x + tail) for an angle x + tail in [-pi/4, pi/4]. The operations are arranged as in fdlibm's k_cos.c.
 * `fixtures/fit.py cos` prints the coefficients.
 */
function cosReduced(x: number, tail: number): number {
  const z = x * x
  const w = z * z
  const c01 = 0.041666666666666644 + -0.0013888888888882052 * z
  const c23 = 2.480158729441328e-5 + -2.755731576228444e-7 * z
  const c45 = 2.0875912256079023e-9 + -1.1369274327270106e-11 * z
  const c = z * (c01 + w * (c23 + w * c45))
  const half = 0.5 * z
  const head = 1 - half
  return head + (1 - head - half + (z * c - x * tail))
}

/** The sine of an angle of any size; NaN for infinities. Largest error measured: 0.76 ulp. */
export function sin(x: number): number {
  const angle = reduceAngle(Math.abs(x))
  const value = angle.quarter & 1 ? cosReduced(angle.head, angle.tail) : sinReduced(angle.head, angle.tail)
  return highWord(x) < 0 !== angle.quarter >= 2 ? -value : value
}

/** The cosine of an angle of any size; NaN for infinities. Largest error measured: 0.76 ulp. */
export function cos(x: number): number {
  const angle = reduceAngle(Math.abs(x))
  const value = angle.quarter & 1 ? sinReduced(angle.head, angle.tail) : cosReduced(angle.head, angle.tail)
  return (angle.quarter + 1) & 2 ? -value : value
}

/** The tangent of an angle of any size; NaN for infinities. Largest error measured: 0.83 ulp. */
export function tan(x: number): number {
  const angle = reduceAngle(Math.abs(x))
  const value = tanReduced(angle)
  return highWord(x) < 0 !== highWord(angle.head) < 0 ? -value : value
}

/**
 * If `quarter` is even, the result is tan(|head + tail|), from an odd polynomial (`fixtures/fit.py tan` prints its
 * coefficients). If |head| exceeds 0.6743, the polynomial is applied to the distance of the angle from pi/4. If
 * `quarter` is odd, the result is -1 / tan(|head + tail|); the remainder of this division corrects the quotient. The
 * operations are arranged as in fdlibm's k_tan.c.
 */
function tanReduced({ head, tail, quarter }: ReducedAngle): number {
  const a = Math.abs(head)
  const b = highWord(head) < 0 ? -tail : tail
  const near = a >= 0.6743316650390625
  const x = near ? 0.7853981633974483 - a + (3.061616997868383e-17 - b) : a
  const y = near ? 0 : b
  const z = x * x
  const w = z * z
  const t12 = 0.13333333333320355 + 0.053968253976083194 * z
  const t34 = 0.02186948829880066 + 0.008863239763156987 * z
  const t56 = 0.0035920796801229738 + 0.0014562059141171664 * z
  const t78 = 0.0005880559173266575 + 0.00024642213299378135 * z
  const t9a = 7.825535173432172e-5 + 7.131842369983078e-5 * z
  const tbc = -1.849955708331707e-5 + 2.589045516241703e-5 * z
  const t = t12 + w * (t34 + w * (t56 + w * (t78 + w * (t9a + w * tbc))))
  const cube = z * x
  const r = y + z * (cube * t + y) + 0.3333333333333341 * cube
  const sum = x + r
  const odd = (quarter & 1) === 1
  if (near) {
    const one = odd ? -1 : 1
    return one - 2 * (x - ((sum * sum) / (sum + one) - r))
  }
  if (!odd) return sum
  const quotient = -1 / sum
  const sumUpper = upper(sum)
  const sumLower = r - (sumUpper - x)
  const quotientUpper = upper(quotient)
  return quotientUpper + quotient * (1 + quotientUpper * sumUpper + quotientUpper * sumLower)
}
