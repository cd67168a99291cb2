import { elementary } from '@driftfarm/formula'
import { logGamma } from '@driftfarm/statistics'
import { refuse } from '../refusal.ts'
import { remembered } from '../remembered.ts'
import { interpolated } from './chebyshev.ts'
import { poleDetail, type ScalarLaw } from './scalarLaw.ts'

const { cos, exp, log, power, sin } = elementary

/** The range of alpha in which twelve digits are accurate. */
const range = { least: 0.2, most: 1.999 } as const
/**
 * Relative tolerance of the polynomials. It is larger near alpha = 2, because the values that they interpolate are less
 * precise there.
 */
const toleranceOf = (alpha: number) => Math.max(5e-14, 2e-15 / (2 - alpha))
/**
 * The tail series is accurate from `tail.limit` on. Up to this multiple of `tail.limit`, polynomials replace the
 * series, because polynomials are faster.
 */
const further = 64

const known = remembered(build)

/**
 * The relative error is below 5e-14; near alpha = 2 it is below 2e-15 / (2 - alpha). A distribution is built once, in
 * about 100 ms, or in a second near either end of the range of alpha.
 */
export function stableDensity(alpha: number): ScalarLaw {
  if (alpha < range.least)
    refuse(
      `the stable distribution with alpha = ${alpha} has too sharp a peak at 0; alpha must be ${range.least} or more`,
    )
  if (alpha > range.most)
    refuse(
      `the stable distribution with alpha = ${alpha} is not accurate this close to 2; alpha must be 2, ` +
        `or ${range.most} or less`,
    )
  return known(alpha)
}

function build(alpha: number): ScalarLaw {
  const origin = originSeries(alpha)
  const tail = tailSeries(alpha)
  const end = further * tail.limit
  const between = interpolated(
    origin.limit,
    end,
    (x) => (x < tail.limit ? Math.min(x, 1) : x),
    (x) => {
      if (x >= tail.limit) return [tail.density(x), tail.upper(x)]
      const { density, upper } = onContour(alpha, x)
      return [density, upper]
    },
    toleranceOf(alpha),
  )
  return {
    density(z) {
      const x = Math.abs(z)
      return x <= origin.limit ? origin.density(x) : x >= end ? tail.density(x) : between(x, 0)
    },
    upper: (z) => (z <= origin.limit ? origin.upper(z) : z >= end ? tail.upper(z) : between(z, 1)),
    // For alpha below 1, no power series converges at 0. Quadrature is then accurate only on pieces that are not
    // much longer than their distance from 0, so an integral is cut into smaller and smaller pieces towards 0.
    kinks: alpha < 1 ? cutsTowards0(origin.limit) : [],
    breaks: [],
    reach: Number.POSITIVE_INFINITY,
    detail: detailOf(alpha),
  }
}

/**
 * The distance of a cut from 0, divided by the distance of the next cut towards 0. With 4, each piece is three times as
 * long as its distance from 0, which is short enough for accurate quadrature.
 */
const ratioOfCuts = 4
/** No cuts are needed beyond this distance from 0, because it exceeds the length of a mesh panel. */
const furthestCut = 5

function cutsTowards0(least: number): number[] {
  const cuts: number[] = []
  for (let x = least; x < furthestCut; x *= ratioOfCuts) cuts.push(x)
  return [...cuts.map((x) => -x).reverse(), ...cuts]
}

/**
 * Tested on P(escape) of x' = 0.9 x + 0.1 xi from [-1, 1] with alpha from 0.2 to 1.99. The results of the first two
 * resolutions agree to 1e-11, and most of them to 1e-14.
 */
function detailOf(alpha: number): number {
  return alpha <= 1 ? poleDetail : Math.max(1, poleDetail - 1.8 * (alpha - 1))
}

/** A series that is accurate to double precision either up to `limit` or from `limit` on. */
export interface Series {
  readonly limit: number
  density(x: number): number
  upper(x: number): number
}

/** Term k (from 1) of P(S > x) = 1/pi sum_k wave_k exp(logSize_k) x^(-alpha k). */
function tailTerm(alpha: number, k: number) {
  // A large argument of the sine would lose digits.
  const turns = (alpha * k) / 2
  return {
    logSize: logGamma(alpha * k) - logGamma(k + 1),
    wave: (k % 2 === 1 ? 1 : -1) * sin(Math.PI * (turns - 2 * Math.floor(turns / 2))),
  }
}

/** Relative to the first term. */
const truncationError = 1e-17
const logTruncationError = log(truncationError)
const negligible = 1e-18
const maxTerms = { origin: 30, tail: 50, far: 500 } as const

/**
 * For 0 <= x <= limit, the density is 1/(pi alpha) sum_k (-1)^k Gamma((2 k + 1) / alpha) / (2 k)! x^(2 k). The series
 * converges for alpha > 1 and is asymptotic for smaller alpha (Feller, Probability Theory II, XVII.6).
 */
export function originSeries(alpha: number): Series {
  const logSize = (k: number) => logGamma((2 * k + 1) / alpha) - logGamma(2 * k + 1)
  const first = logSize(0)
  // ln of the largest x at which the second term is at most a quarter of the first, so that the terms hardly cancel.
  const calm = 0.5 * (first - logSize(1) - log(4))
  const reachOf = (k: number) => Math.min(calm, (logTruncationError + first - logSize(k)) / (2 * k))
  const { count, reach: logLimit } = farthest(reachOf, { from: 2, to: maxTerms.origin })
  const limit = exp(logLimit)
  const terms = Float64Array.from(
    { length: count },
    (_, k) => ((k % 2 === 0 ? 1 : -1) * exp(logSize(k) + 2 * k * logLimit)) / (Math.PI * alpha),
  )
  const integrated = terms.map((term, k) => (term * limit) / (2 * k + 1))
  return {
    limit,
    density: (x) => horner(terms, (x / limit) * (x / limit)),
    upper: (x) => 0.5 - (x / limit) * horner(integrated, (x / limit) * (x / limit)),
  }
}

/**
 * For x >= limit, a series in powers of x^-alpha. The series converges for alpha < 1 and is asymptotic for larger alpha
 * (Bergstroem, Ark. Mat. 2, 1952).
 */
export function tailSeries(alpha: number): Series {
  const first = tailTerm(alpha, 1)
  const second = tailTerm(alpha, 2)
  const logFirst = first.logSize + log(first.wave)
  // ln of the smallest x beyond which the second term of the density is at most half of the first.
  const calm = second.wave === 0 ? 0 : (second.logSize + log(4 * Math.abs(second.wave)) - logFirst) / alpha
  const limitOf = (k: number) =>
    Math.max(calm, (tailTerm(alpha, k).logSize + log(k) - logFirst - logTruncationError) / (alpha * (k - 1)))
  const { count, reach } = farthest((k) => -limitOf(k), { from: 3, to: maxTerms.tail })
  const logLimit = -reach
  const limit = exp(logLimit)
  const terms = Float64Array.from({ length: count }, (_, index) => {
    const { logSize, wave } = tailTerm(alpha, index + 1)
    return (wave * exp(logSize - alpha * (index + 1) * logLimit)) / Math.PI
  })
  const derived = terms.map((term, index) => term * alpha * (index + 1))
  return {
    limit,
    density: (x) => falling(derived, power(x / limit, -alpha)) / x,
    upper: (x) => falling(terms, power(x / limit, -alpha)),
  }
}

/** Returns the number of terms with which a series reaches farthest. Of equally good numbers, it is the smallest. */
function farthest(reachOf: (count: number) => number, { from, to }: { readonly from: number; readonly to: number }) {
  let best = { count: from, reach: reachOf(from) }
  for (let count = from + 1; count <= to; count++) {
    const reach = reachOf(count)
    if (reach > best.reach) best = { count, reach }
  }
  return best
}

/** sum_k terms_k q^(k + 1) for 0 <= q <= 1. */
function falling(terms: Float64Array, q: number): number {
  let sum = 0
  let each = q
  for (let k = 0; k < terms.length && each > negligible * q; k++) {
    sum += terms[k]! * each
    each *= q
  }
  return sum
}

function horner(terms: Float64Array, x: number): number {
  let sum = 0
  for (let k = terms.length - 1; k >= 0; k--) sum = sum * x + terms[k]!
  return sum
}

/**
 * P(S > x) = 1/pi sum_k (-1)^(k-1) Gamma(alpha k) / k! sin(k pi alpha / 2) x^(-alpha k), for x >= 10. The series
 * converges for alpha < 1. For larger alpha it is asymptotic, and its smallest term is below the last digit (Feller,
 * Probability Theory II, XVII.6; Bergstroem, Ark. Mat. 2, 1952).
 */
export function farTail(alpha: number, x: number): number {
  let sum = 0
  let least = Number.POSITIVE_INFINITY
  for (let k = 1; k <= maxTerms.far; k++) {
    const { logSize, wave } = tailTerm(alpha, k)
    const size = exp(logSize - alpha * k * log(x))
    if (size > least || size < 1e-18 * sum) break
    least = size
    sum += size * wave
  }
  return sum / Math.PI
}

const quarter = 0.5 * Math.PI
const firstStep = 0.25
const maxHalvings = 12
/**
 * The step is halved until the relative difference of the last two sums is below this limit. Halving the step squares
 * the error, so the last sum is then accurate to the last digit.
 */
const agreement = 1e-10
/** Newton's method squares its error at each step, so after a step this small another would change nothing. */
const settled = 1e-8
/** Points with a larger E are omitted, because exp(-80) is negligible compared with power tails. */
const highest = 80
/** The line begins where the larger of r and r^alpha is exp(-50). */
const lowest = 50

/**
 * Returns the density and the tail, at x > 0, of the symmetric stable distribution with the characteristic function
 * exp(-|t|^alpha), 0 < alpha < 2. The relative error is 1e-14. Near alpha = 2, it is 2e-15 / (2 - alpha) if x >= 0.5;
 * for smaller x, the tail is less accurate.
 *
 * f(x) = 1/pi Re int exp(-t^alpha + i x t) dt is integrated along the line t = r exp(i a) on which the exponent -E is
 * real: x cos a = r^(alpha - 1) sin(alpha a), E = x r cos((alpha - 1) a) / sin(alpha a). Integration by parts gives,
 * with b = pi/2 - a,
 *
 *     f(x) = 1/pi int r cos(a) exp(-E) dE,   P(S > x) = 1/pi int b exp(-E) dE,
 *
 * where neither integrand is negative. This is Zolotarev's integral (One-dimensional Stable Distributions, 1986, 2.2;
 * Nolan, Stochastic Models 13, 1997) with the variable r instead of the angle a. For alpha = 1, a is constant along the
 * line, so it cannot be the variable.
 */
export function onContour(alpha: number, x: number): { readonly density: number; readonly upper: number } {
  const pointAt = lineOf(alpha, x)
  // The logarithm of a radius at which E is about 1.
  const middle = -0.5 * log(1 + x * x)
  const left = -log(lowest / Math.min(1, alpha))
  let right = 0
  while (pointAt(middle + right).energy < highest) right += 1
  let density = 0
  let upper = 0
  const add = (v: number) => {
    const { radius, cosine, angle, energy, slope } = pointAt(middle + v - exp(-v))
    const weight = exp(-energy) * slope * (1 + exp(-v))
    density += weight * radius * cosine
    upper += weight * angle
  }
  right += 1
  const steps = (right - left) / firstStep
  for (let i = 0; i <= steps; i++) add(left + i * firstStep)
  let step = firstStep
  for (let halving = 0; halving < maxHalvings; halving++) {
    const before = { density: 2 * density, upper: 2 * upper }
    const count = (right - left) / step
    for (let i = 0; i < count; i++) add(left + (i + 0.5) * step)
    step /= 2
    if (Math.abs(before.density / density - 1) < agreement && Math.abs(before.upper / upper - 1) < agreement) break
  }
  return { density: (density * step) / Math.PI, upper: (upper * step) / Math.PI }
}

/**
 * The variable along the line is u = ln r + bend * b. Near alpha = 2 the line has a corner, where b changes but ln r
 * hardly changes.
 */
function lineOf(alpha: number, x: number) {
  const bend = Math.max(0, alpha - 1)
  const logX = log(x)
  const odd = alpha - 1
  let lastRoot = 0

  const shapeAt = (w: number) => {
    const b = quarter / (1 + exp(-w))
    const a = quarter / (1 + exp(w))
    const cosine = b < quarter / 2 ? sin(b) : cos(a)
    const sine = a < quarter / 2 ? sin(a) : cos(b)
    const wide = alpha * a
    const sineWide = wide < quarter ? sin(wide) : sin((2 - alpha) * quarter + alpha * b)
    // (sin(a) sin(alpha a) + alpha cos(a) cos(alpha a)) / sin(alpha a), which is positive.
    const steep = sine + (alpha * cosine * cos(wide)) / sineWide
    return { a, b, cosine, sineWide, steep }
  }

  /** ln(sin(alpha a) / cos(a)) - ln x + (alpha - 1) ln r decreases with w = ln(b / a) and is 0 on the line. */
  const solve = (u: number) => {
    let low = Number.NEGATIVE_INFINITY
    let high = Number.POSITIVE_INFINITY
    let w = lastRoot
    for (let round = 0; round < 100; round++) {
      const shape = shapeAt(w)
      const { a, b, cosine, sineWide, steep } = shape
      const off = log(sineWide / cosine) - logX + odd * (u - bend * b)
      if (off > 0) low = w
      else high = w
      const fall = ((steep / cosine + odd * bend) * a * b) / quarter
      let next = w + off / fall
      if (Math.abs(next - w) < settled) {
        w = next
        break
      }
      if (!(next > low && next < high))
        next = low === Number.NEGATIVE_INFINITY ? w - 8 : high === Number.POSITIVE_INFINITY ? w + 8 : 0.5 * (low + high)
      if (next === w) break
      w = next
    }
    lastRoot = w
    return shapeAt(w)
  }

  return (u: number) => {
    const { a, b, cosine, sineWide, steep } = solve(u)
    const radius = exp(u - bend * b)
    const turn = odd / (steep / cosine + odd * bend)
    return {
      radius,
      /** The angle b. Computing it as pi/2 - a would lose digits where b is small. */
      angle: b,
      cosine,
      /** E, and its derivative with respect to u. */
      energy: (x * radius * cos(odd * a)) / sineWide,
      slope: x * radius * (steep * (1 - bend * turn) + odd * cosine * turn),
    }
  }
}
