import { highWord, lowWord, roundShift, twoTo, upper } from './bits.ts'

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

/** An angle modulo pi/2: head + tail within [-pi/4, pi/4], and the number of quarter turns modulo 4. */
export interface ReducedAngle {
  readonly head: number
  readonly tail: number
  readonly quarter: number
}

/**
 * Subtracts n pi/2, the nearest multiple of pi/2, from `magnitude` >= 0, with twice the precision of a double.
 * The result is NaN for NaN and Infinity.
 *
 * Below 2^20, pi/2 is split into parts of 33 + 33 + 33 + 53 bits. The products of n with the first three parts are
 * exact (Cody and Waite 1980; fdlibm's e_rem_pio2.c). All four parts are always used, so SIMD lanes need no branch.
 */
export function reduceAngle(magnitude: number): ReducedAngle {
  if (magnitude >= 1048576) return reduceLarge(magnitude)
  const shifted = magnitude * 0.6366197723675814 + roundShift
  const n = shifted - roundShift
  const first = magnitude - n * 1.5707963267341256
  const second = n * 6.077100506303966e-11
  const third = n * 2.0222662487111665e-21
  const a = first - second
  const lostFirst = first - a - second
  const b = a - third
  const lostSecond = a - b - third
  const rest = lostFirst + lostSecond - n * 8.4784276603689e-32
  const head = b + rest
  return { head, tail: b - head + rest, quarter: lowWord(shifted) & 3 }
}

const lowBits = (count: bigint) => (1n << count) - 1n

/** 2/pi times 2^1216, rounded down. */
const twoOverPi = BigInt(
  [
    '0xa2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e006492eea09d1921c',
    'fe1deb1cb129a73ee88235f52ebb4484e99c7026b45f7e413991d639835339f49c845f8bbdf9283b1ff897ffde05980f',
    'ef2f118b5a0a6d1f6d367ecf27cb09b74f463f669e5fea2d7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d08',
    '56033046fc7b6bab',
  ].join(''),
)

/**
 * From 2^20 on, the reduction uses integers. The product of magnitude = m 2^e and 2/pi is the angle in quarter turns;
 * only this product modulo 4 is computed. Only 192 bits of 2/pi matter (M. H. Payne, R. N. Hanek, SIGNUM Newsletter 18,
 * 1983): the bits above them contribute multiples of 4, and the bits below them contribute less than 2^-137. No double
 * comes nearer than 2^-62 to a multiple of pi/2, so this error is small relative to every result.
 */
function reduceLarge(magnitude: number): ReducedAngle {
  if (magnitude === Number.POSITIVE_INFINITY) return { head: Number.NaN, tail: Number.NaN, quarter: 0 }
  const high = highWord(magnitude)
  const e = (high >> 20) - 1075
  const m = (BigInt((high & 0xfffff) | 0x100000) << 32n) | BigInt(lowWord(magnitude) >>> 0)
  // The 192 bits of 2/pi with weights from 2^(1 - e) down to 2^(-190 - e).
  const window = (twoOverPi >> BigInt(1026 - e)) & lowBits(192n)
  const product = (m * window) & lowBits(192n)
  const quarter = Number(product >> 190n)
  const fraction = product & lowBits(190n)
  const above = fraction >> 189n === 1n
  const distance = above ? (1n << 190n) - fraction : fraction
  const length = distance.toString(2).length
  const head = Number(distance >> BigInt(length - 53)) * twoTo(length - 243)
  const rest = Number((distance >> BigInt(length - 106)) & lowBits(53n)) * twoTo(length - 296)
  return timesHalfPi(above ? -head : head, above ? -rest : rest, (above ? quarter + 1 : quarter) & 3)
}

/**
 * (head + rest) pi/2 with twice the precision of a double. The sum `product + lost` is exactly `head` times the double
 * nearest to pi/2 (T. J. Dekker, 1971).
 */
function timesHalfPi(head: number, rest: number, quarter: number): ReducedAngle {
  const product = head * 1.5707963267948966
  const headUpper = upper(head)
  const headLower = head - headUpper
  const lost =
    headUpper * 1.570796012878418 -
    product +
    headUpper * 3.13916478589249e-7 +
    headLower * 1.570796012878418 +
    headLower * 3.13916478589249e-7
  const tail = lost + (head * 6.123233995736766e-17 + rest * 1.5707963267948966)
  const sum = product + tail
  return { head: sum, tail: product - sum + tail, quarter }
}
