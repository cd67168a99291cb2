import { elementary } from '@driftfarm/formula'
import { expMinusOne, logOnePlus, noncentralLowerTail, noncentralUpperTail } from '@driftfarm/statistics'
import { tiny } from '../question/answer.ts'
import { type BallStart, type Contraction, maxSteps } from './contraction.ts'

/**
 * Maximum time, in microseconds, for the tails of all steps. This time suffices for a few million steps, unless the
 * start is thousands of standard deviations away from the minimum.
 */
const maxWork = 3e6
/** Maximum time, in microseconds, for each ball in a comparison of up to 44 balls. */
const roughWork = 5e4

/**
 * Bounds from P(tau > N) >= prod P(R_n < r) and P(tau <= N) <= sum P(R_n >= r), where R_n is the length of a Gaussian
 * vector. `stay` is s_N, `escape` is 1 - s_N, computed without subtraction, and `union` is the sum of the tails, which
 * may exceed 1.
 *
 * Theorem 1 (i): s_N = prod_{n=1..N} F(r^2 / v_n). F is the noncentral chi-square distribution function with d degrees
 * of freedom and noncentrality (D_0 rho_0 .. rho_{n-1})^2 / v_n, and v_{n+1} = rho_n^2 v_n + s_n^2 with v_0 = 0. If the
 * tails of all steps would take too long to compute, the result is a lower bound, whose logarithm differs from log s_N
 * by a few per cent. Returns null if the steps differ (a schedule) and there are more than a million of them.
 */
export function productBound(contraction: Contraction, within: BallStart) {
  const { steps } = within
  if (!contraction.stationary && steps > maxSteps) return null
  let logStay = 0
  let union = 0
  for (const { count, tail, logInside } of factors(contraction, within)) {
    union += count * tail
    logStay += count * logInside
  }
  return { stay: elementary.exp(logStay), escape: 0 - expMinusOne(logStay), union }
}

/**
 * Returns 1 - s_N, by which balls are compared; Infinity if there are too many different steps. If the tails of all
 * steps would take too long to compute, the result is an estimate from blocks of steps. Each block uses the eta and the
 * drift of its first step.
 */
export function estimatedEscape(contraction: Contraction, within: BallStart): number {
  const { radius, start, steps } = within
  const { dimension, stationary, rho, scale } = contraction
  if (!stationary && steps > maxSteps) return Number.POSITIVE_INFINITY
  if (survey(contraction, within, roughWork).work <= roughWork) return productBound(contraction, within)!.escape
  let logStay = 0
  let spread: Spread = { mean: start, variance: 0 }
  for (let n = 0; n < steps; ) {
    const count = Math.min(steps - n, Math.ceil((n + 1) * growth))
    spread = afterEqualSteps(spread, count, { rho: rho(n), scale: scale(n) })
    logStay += count * tailOf(spread, radius, dimension).logInside
    n += count
  }
  return 0 - expMinusOne(logStay)
}

/** P(R_n >= r) and ln P(R_n < r). */
export interface Factor {
  readonly tail: number
  readonly logInside: number
}

/**
 * One factor for all of `count` consecutive steps. If these steps differ, `tail` is an upper bound on each of their
 * tails.
 */
interface Factors extends Factor {
  readonly count: number
}

/**
 * R_n is the length of a Gaussian vector. `mean` is the length of the mean of this vector, and `variance` is the
 * variance of each coordinate.
 */
export interface Spread {
  readonly mean: number
  readonly variance: number
}

export function factors(contraction: Contraction, within: BallStart, most = maxWork): Iterable<Factors> {
  const { work, least } = survey(contraction, within)
  return blocks(contraction, within, { least, most, isExact: work <= most })
}

/**
 * `work` is the time, in microseconds, that the tails of all steps take to compute. `least` is the exponent
 * (r - m_n)^2 / 2 v_n of the largest tail.
 */
function survey(contraction: Contraction, within: BallStart, enough = Number.POSITIVE_INFINITY) {
  const { radius, steps } = within
  const moments = new Moments(contraction, within.start)
  let work = 0
  let least = Number.POSITIVE_INFINITY
  for (let n = 0; n < steps && n <= maxSteps && work <= enough; n++) {
    const changed = moments.step()
    work += costOf(moments, radius)
    least = Math.min(least, exponentOf(moments, radius))
    if (contraction.stationary && !changed) break
  }
  return { work, least }
}

/** A tail with a larger exponent is 0. */
const noTail = 760

/**
 * Returns the time, in microseconds, that a tail takes to compute. A tail is computed as a sum, whose number of terms
 * is proportional to the ratio of the mean to the standard deviation. If the sum has too many terms, only a sample of
 * them is added, so the time has an upper limit.
 */
export function costOf(moments: Spread, radius: number): number {
  if (exponentOf(moments, radius) > noTail) return 0.1
  return 1 + Math.min(1000, moments.mean / Math.sqrt(moments.variance))
}

function exponentOf({ mean, variance }: Spread, radius: number): number {
  if (variance === 0) return mean < radius ? Number.POSITIVE_INFINITY : 0
  return mean < radius ? (radius - mean) ** 2 / (2 * variance) : 0
}

/** The largest tails may be overestimated by this share. */
const exponentTolerance = 1e-2
/**
 * Steps whose tails differ little are joined into a block. The exponents of tails in a block may differ by up to
 * `exponentTolerance`. If the tails are e^(12 + k) times smaller than the largest tail of all steps, their exponents
 * may differ by e^(k/2) times as much, because small tails add little to the sum of all tails. This assumes that fewer
 * than e^12 steps have such small tails.
 */
const others = 12
const maxK = 12
const maxBlockShare = 1 / 100

/**
 * The tail of a block comes from the largest mean and the largest variance in the block. The result is an upper bound,
 * because P(|m + s xi| < r) falls as |m| grows (Anderson). If |m| < r, this probability also falls as s grows. It is
 * the probability that s xi is in the ball of radius r about -m. Since this ball is convex and contains 0, a point s xi
 * outside the ball remains outside for every larger s.
 */
function* blocks(
  contraction: Contraction,
  { radius, start, steps }: BallStart,
  { least, most, isExact }: { least: number; most: number; isExact: boolean },
): Generator<Factors> {
  const { dimension, stationary } = contraction
  const moments = new Moments(contraction, start)
  const fits = (block: Block, used: number): boolean => {
    if (isExact) return false
    if (used > most) return block.count < steps * maxBlockShare
    const low = exponentOf(block, radius)
    if (low > noTail) return true
    const high = exponentOf({ mean: block.leastMean, variance: block.minVariance }, radius)
    return (
      high - low <= exponentTolerance ||
      high - low <= exponentTolerance * elementary.exp(Math.max(0, Math.min(maxK, low - least - others)) / 2)
    )
  }
  let block = noSteps
  let used = 0
  for (let n = 0; n < steps; n++) {
    if (n === maxSteps) break
    const changed = moments.step()
    const repeats = stationary && !changed ? steps - n : 1
    const wider = joined(block, moments, repeats)
    if (block.count === 0 || fits(wider, used)) block = wider
    else {
      yield { count: block.count, ...tailOf(block, radius, dimension) }
      used += costOf(block, radius)
      block = joined(noSteps, moments, repeats)
    }
    if (repeats > 1) break
  }
  if (block.count > 0) yield { count: block.count, ...tailOf(block, radius, dimension) }
  if (moments.taken === maxSteps && steps > maxSteps)
    yield* afterMaxSteps(contraction, moments, { radius, steps: steps - maxSteps })
}

interface Block extends Spread {
  readonly count: number
  readonly leastMean: number
  readonly minVariance: number
}

const noSteps: Block = {
  count: 0,
  mean: 0,
  variance: 0,
  leastMean: Number.POSITIVE_INFINITY,
  minVariance: Number.POSITIVE_INFINITY,
}

function joined(block: Block, { mean, variance }: Moments, count: number): Block {
  return {
    count: block.count + count,
    mean: Math.max(block.mean, mean),
    variance: Math.max(block.variance, variance),
    leastMean: Math.min(block.leastMean, mean),
    minVariance: Math.min(block.minVariance, variance),
  }
}

/** The length of a block, as a share of the number of steps before the block. */
const growth = 1 / 64

/**
 * Yields the factors of the steps after the first `maxSteps`, in blocks. These steps must be equal, because the
 * variance after a block of different steps has no closed form.
 */
function* afterMaxSteps(
  { dimension, rho, scale }: Contraction,
  { mean, variance, taken }: Moments,
  { radius, steps }: { radius: number; steps: number },
): Generator<Factors> {
  let spread: Spread = { mean, variance }
  for (let [n, left] = [taken, steps]; left > 0; ) {
    const count = Math.min(left, Math.ceil(n * growth))
    const last = afterEqualSteps(spread, count, { rho: rho(0), scale: scale(0) })
    yield { count, ...tailOf({ mean: spread.mean, variance: last.variance }, radius, dimension) }
    spread = last
    n += count
    left -= count
  }
}

export function afterEqualSteps(
  { mean, variance }: Spread,
  count: number,
  { rho, scale }: { rho: number; scale: number },
): Spread {
  const square = rho * rho
  const share = elementary.power(square, count)
  const added = square === 1 ? count : (1 - share) / (1 - square)
  return { mean: mean * elementary.power(rho, count), variance: share * variance + scale * scale * added }
}

/**
 * A step changes the tail only if the relative change of the variance exceeds this limit, or if the mean exceeds this
 * limit times the standard deviation.
 */
const settled = 1e-15

export class Moments implements Spread {
  /** The mean D_0 rho_0 .. rho_{n-1}. */
  mean: number
  /** The variance v_n. */
  variance = 0
  taken = 0

  constructor(
    private readonly contraction: Contraction,
    start: number,
    private readonly first = 0,
  ) {
    this.mean = start
  }

  /** Returns whether the step changed the moments noticeably. */
  step(): boolean {
    const { contraction } = this
    const n = this.first + this.taken
    const rho = contraction.rho(n)
    const scale = contraction.scale(n)
    this.taken += 1
    const variance = rho * rho * this.variance + scale * scale
    const mean = rho * this.mean
    const changed =
      variance === 0
        ? mean > this.mean
        : Math.abs(variance - this.variance) > settled * variance || mean > settled * Math.sqrt(variance)
    this.variance = variance
    this.mean = mean
    return changed
  }
}

const negligible = 1e-18

/**
 * Whether the mean m is so small that the tail, as a double, equals the tail for mean 0. The relative difference of the
 * two tails is at most (m^2 / 2 v) (1 + r^2 / 2 v).
 */
export function isNegligible({ mean, variance }: Spread, radius: number): boolean {
  const half = (mean * mean) / (2 * variance)
  return mean === 0 || half * (1 + (radius * radius) / (2 * variance)) <= negligible
}

export function tailOf({ mean, variance }: Spread, radius: number, dimension: number): Factor {
  if (variance === 0)
    return mean < radius ? { tail: 0, logInside: 0 } : { tail: 1, logInside: Number.NEGATIVE_INFINITY }
  const deviation = Math.sqrt(variance)
  const [x, shift] = [radius / deviation, mean / deviation]
  const tail = noncentralUpperTail(x, dimension, shift)
  const logInside = tail < 0.5 ? logOnePlus(-tail) : elementary.log(noncentralLowerTail(x, dimension, shift))
  return { tail, logInside }
}

/** Above this, doubles cannot represent every integer. */
const maxHorizon = 2 ** 53

/**
 * Returns the largest N with s_N >= 1 - delta, for a stationary chain with drift. If the probability of leaving in one
 * step is below `tiny`, it is replaced by `tiny`, so N is at most about 1e300 times delta. If `factors` combines steps
 * in blocks to save time, N is a few per cent too small.
 */
export function safeHorizon(
  contraction: Contraction,
  within: Pick<BallStart, 'radius' | 'start'>,
  delta: number,
): number {
  let left = -logOnePlus(-delta)
  let taken = 0
  for (const { count, logInside } of factors(contraction, { ...within, steps: Number.POSITIVE_INFINITY })) {
    const fit = Math.floor(left / Math.max(tiny, -logInside))
    if (fit < count || taken > maxHorizon) return taken + Math.min(fit, count)
    taken += count
    left += count * logInside
  }
  return taken
}
