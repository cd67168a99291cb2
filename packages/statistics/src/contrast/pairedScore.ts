import type { Interval } from '../interval/interval.ts'
import { incompleteBeta } from '../special/beta.ts'
import { normalQuantile } from '../special/normal.ts'
import { fallsThrough, fallsThroughPositive } from '../special/root.ts'
import { type PairTally, trialsOf } from './pairs.ts'

/**
 * The score interval of p1 - p2 for paired trials (Tango, 1998). At difference 0 the test is McNemar's.
 *
 *     pairedDifference({ both: 59, first: 6, second: 16, neither: 80 }, 0.05) // { low: -0.1240..., high: -0.0054... }
 */
export function pairedDifference(pairs: PairTally, alpha: number): Interval {
  const z = -normalQuantile(alpha / 2)
  const observed = (pairs.first - pairs.second) / trialsOf(pairs)
  const score = (difference: number) => scoreOfDifference(pairs, difference)
  return {
    low: observed <= -1 ? -1 : fallsThrough(-1, observed, (difference) => score(difference) - z),
    high: observed >= 1 ? 1 : fallsThrough(observed, 1, (difference) => score(difference) + z),
  }
}

function scoreOfDifference(pairs: PairTally, difference: number): number {
  const { first, second } = pairs
  const n = trialsOf(pairs)
  const distance = first - second - n * difference
  const variance = n * (2 * likeliest(pairs, difference) + difference * (1 - difference))
  return distance === 0 ? 0 : distance / Math.sqrt(Math.max(variance, 0))
}

/**
 * The maximum likelihood estimate, for a given difference, of the probability that only the second trial has the event:
 * the larger root of 2n q^2 + b q + c = 0, computed without cancellation.
 */
function likeliest(pairs: PairTally, difference: number): number {
  const { first, second } = pairs
  const n = trialsOf(pairs)
  const b = (2 * n - first + second) * difference - first - second
  const c = -second * difference * (1 - difference)
  const root = Math.sqrt(Math.max(b * b - 8 * n * c, 0))
  return b > 0 ? (-2 * c) / (b + root) : (root - b) / (4 * n)
}

/**
 * The score interval of p1 / p2 for paired trials (Tang, Tang and Chan, 2003). If the first cell has no events, the
 * interval begins at 0. If the second cell has no events, the interval extends to infinity. At ratio 1 the test is
 * McNemar's.
 *
 *     pairedRatio({ both: 59, first: 6, second: 16, neither: 80 }, 0.05) // { low: 0.7476..., high: 0.9876... }
 */
export function pairedRatio(pairs: PairTally, alpha: number): Interval {
  const z = -normalQuantile(alpha / 2)
  const first = pairs.both + pairs.first
  const second = pairs.both + pairs.second
  // Zero events count as half an event, so that the guess is positive and finite.
  const guess = Math.max(first, 0.5) / Math.max(second, 0.5)
  return {
    low: first === 0 ? 0 : fallsThroughPositive(guess, (ratio) => scoreOfRatio(pairs, ratio) - z),
    high:
      second === 0 ? Number.POSITIVE_INFINITY : fallsThroughPositive(guess, (ratio) => scoreOfRatio(pairs, ratio) + z),
  }
}

function scoreOfRatio(pairs: PairTally, ratio: number): number {
  const { both, first, second } = pairs
  const n = trialsOf(pairs)
  const any = both + first + second
  // The maximum likelihood estimate of the probability that only the second trial has the event: the larger root of
  // a q^2 + b q + c = 0.
  const a = n * (1 + ratio)
  const b = (both + second) * ratio * ratio - (both + first + 2 * second)
  const c = (second * (1 - ratio) * any) / n
  const root = Math.sqrt(Math.max(b * b - 4 * a * c, 0))
  const q = b > 0 ? (-2 * c) / (b + root) : (root - b) / (2 * a)
  const distance = both + first - ratio * (both + second)
  const variance = n * (1 + ratio) * q + any * (ratio - 1)
  return distance === 0 ? 0 : distance / Math.sqrt(Math.max(variance, 0))
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
