import { checkCounts, type Interval } from '../interval/interval.ts'
import { normalQuantile } from '../special/normal.ts'
import type { Counted } from './differenceScore.ts'
import { fallsThroughPositive } from './scoreLimit.ts'

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
  const z = -normalQuantile(alpha / 2)
  // Zero events count as half an event, so that the guess is positive and finite.
  const guess = (Math.max(first.events, 0.5) / first.trials) * (second.trials / Math.max(second.events, 0.5))
  return {
    low: first.events === 0 ? 0 : fallsThroughPositive(guess, (ratio) => scoreOf(first, second, ratio) - z),
    high:
      second.events === 0
        ? Number.POSITIVE_INFINITY
        : fallsThroughPositive(guess, (ratio) => scoreOf(first, second, ratio) + z),
  }
}

function scoreOf(first: Counted, second: Counted, ratio: number): number {
  const all = first.trials + second.trials
  const events = first.events + second.events
  // The maximum likelihood estimate of p2 subject to p1 = ratio * p2: the smaller root of
  // all * ratio * p2^2 - b * p2 + events = 0, computed without cancellation.
  const b = ratio * (first.trials + second.events) + first.events + second.trials
  const p2 = (2 * events) / (b + Math.sqrt(Math.max(b * b - 4 * ratio * all * events, 0)))
  const p1 = ratio * p2
  const variance =
    (p1 * Math.max(1 - p1, 0)) / first.trials + (ratio * ratio * p2 * Math.max(1 - p2, 0)) / second.trials
  const distance = first.events / first.trials - (ratio * second.events) / second.trials
  return distance === 0 ? 0 : distance / Math.sqrt((variance * all) / (all - 1))
}
