import { checkCounts, type Interval } from '../interval/interval.ts'
import { incompleteBeta } from '../special/beta.ts'
import { normalQuantile } from '../special/normal.ts'
import { fallsThrough, fallsThroughPositive } from '../special/root.ts'
import { type PairTally, trialsOf } from './pairs.ts'

export interface Counted {
  readonly events: number
  readonly trials: number
}

type Score = (at: number) => number

/** The limits of p1 - p2 between which the score of a difference, which decreases, is within the quantiles of alpha. */
function differenceLimits(observed: number, alpha: number, score: Score): Interval {
  const z = -normalQuantile(alpha / 2)
  return {
    low: observed <= -1 ? -1 : fallsThrough(-1, observed, (difference) => score(difference) - z),
    high: observed >= 1 ? 1 : fallsThrough(observed, 1, (difference) => score(difference) + z),
  }
}

/** The limits of p1 / p2: from 0 if the first cell has no events, to infinity if the second cell has none. */
function ratioLimits(guess: number, [first, second]: readonly [number, number], alpha: number, score: Score): Interval {
  const z = -normalQuantile(alpha / 2)
  return {
    low: first === 0 ? 0 : fallsThroughPositive(guess, (ratio) => score(ratio) - z),
    high: second === 0 ? Number.POSITIVE_INFINITY : fallsThroughPositive(guess, (ratio) => score(ratio) + z),
  }
}

/** The larger root of a x^2 + b x + c = 0, computed without cancellation. */
function largerRoot(a: number, b: number, c: number): number {
  const root = Math.sqrt(Math.max(b * b - 4 * a * c, 0))
  return b > 0 ? (-2 * c) / (b + root) : (root - b) / (2 * a)
}

/**
 * The score interval of p1 - p2 for two independent cells. The variance is evaluated at the constrained maximum of the
 * likelihood (Mee, 1984), with the factor N / (N - 1) (Miettinen and Nurminen, 1985, eq. 8). For
 * 20 and 30 trials and probabilities from 0.01 to 0.99, the exact coverage of 95 % intervals is at least 0.937, and
 * 0.958 on average.
 *
 *     differenceScore({ events: 56, trials: 70 }, { events: 48, trials: 80 }, 0.05)
 *     // { low: 0.0528..., high: 0.3382... }
 */
export function differenceScore(first: Counted, second: Counted, alpha: number): Interval {
  checkCounts(first.events, first.trials)
  checkCounts(second.events, second.trials)
  const observed = first.events / first.trials - second.events / second.trials
  const all = first.trials + second.trials
  return differenceLimits(observed, alpha, (difference) => {
    const p2 = likeliest(first, second, difference)
    const p1 = p2 + difference
    const variance = (p1 * (1 - p1)) / first.trials + (p2 * (1 - p2)) / second.trials
    const distance = observed - difference
    return distance === 0 ? 0 : distance / Math.sqrt((Math.max(variance, 0) * all) / (all - 1))
  })
}

/**
 * The p2 that maximises the likelihood subject to p1 = p2 + difference. The derivative of the log-likelihood decreases
 * with p2, so bisection finds the maximum.
 */
function likeliest(first: Counted, second: Counted, difference: number): number {
  const slope = (p2: number) => slopeOf(first, p2 + difference) + slopeOf(second, p2)
  return fallsThrough(Math.max(0, -difference), Math.min(1, 1 - difference), slope)
}

function slopeOf({ events, trials }: Counted, p: number): number {
  const rest = trials - events
  return (events === 0 ? 0 : events / p) - (rest === 0 ? 0 : rest / (1 - p))
}

/**
 * The score interval of p1 / p2 for two independent cells (Koopman, 1984; with the factor N / (N - 1) of Miettinen and
 * Nurminen, 1985, eq. 10). If the first cell has no events, the interval begins at 0. If the second cell has no
 * events, the interval extends to infinity.
 *
 *     ratioScore({ events: 7, trials: 34 }, { events: 1, trials: 34 }, 0.05) // { low: 1.2086..., high: 43.0330... }
 */
export function ratioScore(first: Counted, second: Counted, alpha: number): Interval {
  checkCounts(first.events, first.trials)
  checkCounts(second.events, second.trials)
  // Zero events count as half an event, so that the guess is positive and finite.
  const guess = (Math.max(first.events, 0.5) / first.trials) * (second.trials / Math.max(second.events, 0.5))
  const all = first.trials + second.trials
  const events = first.events + second.events
  return ratioLimits(guess, [first.events, second.events], alpha, (ratio) => {
    // The maximum likelihood estimate of p2 subject to p1 = ratio * p2: the smaller root of
    // all * ratio * p2^2 - b * p2 + events = 0, computed without cancellation.
    const b = ratio * (first.trials + second.events) + first.events + second.trials
    const p2 = (2 * events) / (b + Math.sqrt(Math.max(b * b - 4 * ratio * all * events, 0)))
    const p1 = ratio * p2
    const variance =
      (p1 * Math.max(1 - p1, 0)) / first.trials + (ratio * ratio * p2 * Math.max(1 - p2, 0)) / second.trials
    const distance = first.events / first.trials - (ratio * second.events) / second.trials
    return distance === 0 ? 0 : distance / Math.sqrt((variance * all) / (all - 1))
  })
}

/**
 * The score interval of p1 - p2 for paired trials (Tango, 1998). At difference 0 the test is McNemar's.
 *
 *     pairedDifference({ both: 59, first: 6, second: 16, neither: 80 }, 0.05) // { low: -0.1240..., high: -0.0054... }
 */
export function pairedDifference(pairs: PairTally, alpha: number): Interval {
  const { first, second } = pairs
  const n = trialsOf(pairs)
  return differenceLimits((first - second) / n, alpha, (difference) => {
    // The maximum likelihood estimate, for this difference, of the probability of an event only in the second trial.
    const q = largerRoot(
      2 * n,
      (2 * n - first + second) * difference - first - second,
      -second * difference * (1 - difference),
    )
    const distance = first - second - n * difference
    const variance = n * (2 * q + difference * (1 - difference))
    return distance === 0 ? 0 : distance / Math.sqrt(Math.max(variance, 0))
  })
}

/**
 * The score interval of p1 / p2 for paired trials (Tang, Tang and Chan, 2003). If the first cell has no events, the
 * interval begins at 0. If the second cell has no events, the interval extends to infinity. At ratio 1 the test is
 * McNemar's.
 *
 *     pairedRatio({ both: 59, first: 6, second: 16, neither: 80 }, 0.05) // { low: 0.7476..., high: 0.9876... }
 */
export function pairedRatio(pairs: PairTally, alpha: number): Interval {
  const { both, first, second } = pairs
  const n = trialsOf(pairs)
  const any = both + first + second
  // Zero events count as half an event, so that the guess is positive and finite.
  const guess = Math.max(both + first, 0.5) / Math.max(both + second, 0.5)
  return ratioLimits(guess, [both + first, both + second], alpha, (ratio) => {
    // The maximum likelihood estimate, for this ratio, of the probability of an event only in the second trial.
    const b = (both + second) * ratio * ratio - (both + first + 2 * second)
    const q = largerRoot(n * (1 + ratio), b, (second * (1 - ratio) * any) / n)
    const distance = both + first - ratio * (both + second)
    const variance = n * (1 + ratio) * q + any * (ratio - 1)
    return distance === 0 ? 0 : distance / Math.sqrt(Math.max(variance, 0))
  })
}

/**
 * The exact two-sided p-value of the hypothesis of equal probabilities (McNemar, 1947). Under this hypothesis, each
 * discordant pair is a fair coin toss. The p-value is 1 if no pair is discordant.
 *
 *     mcnemar({ both: 59, first: 6, second: 16, neither: 80 }) // 0.052479...
 */
export function mcnemar({ first, second }: PairTally): number {
  const fewer = Math.min(first, second)
  const more = Math.max(first, second)
  if (fewer === more) return 1
  // This is 2 P(X <= fewer), where X is the number of heads in n = first + second tosses of a fair coin.
  return Math.min(1, 2 * incompleteBeta(0.5, more, fewer + 1))
}
