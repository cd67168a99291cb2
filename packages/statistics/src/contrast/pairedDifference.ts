import type { Interval } from '../interval/interval.ts'
import { normalQuantile } from '../special/normal.ts'
import { type PairTally, trialsOf } from './pairTally.ts'
import { fallsThrough } from './scoreLimit.ts'

/**
 * The score interval of p1 - p2 for paired trials (Tango, 1998). At difference 0 the test is McNemar's.
 *
 *     pairedDifference({ both: 59, first: 6, second: 16, neither: 80 }, 0.05) // { low: -0.1240..., high: -0.0054... }
 */
export function pairedDifference(pairs: PairTally, alpha: number): Interval {
  const z = -normalQuantile(alpha / 2)
  const observed = (pairs.first - pairs.second) / trialsOf(pairs)
  const score = (difference: number) => scoreOf(pairs, difference)
  return {
    low: observed <= -1 ? -1 : fallsThrough(-1, observed, (difference) => score(difference) - z),
    high: observed >= 1 ? 1 : fallsThrough(observed, 1, (difference) => score(difference) + z),
  }
}

function scoreOf(pairs: PairTally, difference: number): number {
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
