import { checkCounts, type Interval } from '../interval/interval.ts'
import { normalQuantile } from '../special/normal.ts'
import { fallsThrough, fallsThroughPositive } from '../special/root.ts'

export interface Counted {
  readonly events: number
  readonly trials: number
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
  const z = -normalQuantile(alpha / 2)
  const observed = first.events / first.trials - second.events / second.trials
  const score = (difference: number) => scoreOfDifference(first, second, observed, difference)
  return {
    low: observed <= -1 ? -1 : fallsThrough(-1, observed, (difference) => score(difference) - z),
    high: observed >= 1 ? 1 : fallsThrough(observed, 1, (difference) => score(difference) + z),
  }
}

function scoreOfDifference(first: Counted, second: Counted, observed: number, difference: number): number {
  const p2 = likeliest(first, second, difference)
  const p1 = p2 + difference
  const all = first.trials + second.trials
  const variance = (p1 * (1 - p1)) / first.trials + (p2 * (1 - p2)) / second.trials
  const distance = observed - difference
  return distance === 0 ? 0 : distance / Math.sqrt((Math.max(variance, 0) * all) / (all - 1))
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
  const z = -normalQuantile(alpha / 2)
  // Zero events count as half an event, so that the guess is positive and finite.
  const guess = (Math.max(first.events, 0.5) / first.trials) * (second.trials / Math.max(second.events, 0.5))
  return {
    low: first.events === 0 ? 0 : fallsThroughPositive(guess, (ratio) => scoreOfRatio(first, second, ratio) - z),
    high:
      second.events === 0
        ? Number.POSITIVE_INFINITY
        : fallsThroughPositive(guess, (ratio) => scoreOfRatio(first, second, ratio) + z),
  }
}

function scoreOfRatio(first: Counted, second: Counted, ratio: number): number {
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
