import { checkCounts, type Interval } from '../interval/interval.ts'
import { normalQuantile } from '../special/normal.ts'
import { fallsThrough } from './scoreLimit.ts'

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
  const score = (difference: number) => scoreOf(first, second, observed, difference)
  return {
    low: observed <= -1 ? -1 : fallsThrough(-1, observed, (difference) => score(difference) - z),
    high: observed >= 1 ? 1 : fallsThrough(observed, 1, (difference) => score(difference) + z),
  }
}

function scoreOf(first: Counted, second: Counted, observed: number, difference: number): number {
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
