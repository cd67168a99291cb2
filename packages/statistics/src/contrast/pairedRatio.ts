import type { Interval } from '../interval/interval.ts'
import { normalQuantile } from '../special/normal.ts'
import { type PairTally, trialsOf } from './pairTally.ts'
import { fallsThroughPositive } from './scoreLimit.ts'

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
    low: first === 0 ? 0 : fallsThroughPositive(guess, (ratio) => scoreOf(pairs, ratio) - z),
    high: second === 0 ? Number.POSITIVE_INFINITY : fallsThroughPositive(guess, (ratio) => scoreOf(pairs, ratio) + z),
  }
}

function scoreOf(pairs: PairTally, ratio: number): number {
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
