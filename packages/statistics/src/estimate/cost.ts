import { elementary } from '@driftfarm/formula'
import type { MarkSteps } from '@driftfarm/kernel'
import { printEstimate } from '@driftfarm/spec'
import type { Estimate } from '../evidence/estimate.ts'
import { noSuchEstimate } from '../evidence/event.ts'
import type { EstimateEntry, Evidence } from '../evidence/evidence.ts'
import { described } from '../evidence/probability.ts'
import { alphaIn, exactLimits, type IntervalGuard, isFixed } from '../interval/guard.ts'
import type { Interval } from '../interval/interval.ts'
import { type Sums, sequenceHalfWidth, spreadOf, studentHalfWidth } from '../interval/mean.ts'
import { studentQuantile } from '../special/beta.ts'

const { exp } = elementary

/** Sums over fewer trials are not assumed to be normally distributed. */
const minForNormal = 30

/**
 * The expected running time to a mark (ERT; Hansen et al., "COCO", 2021): the steps of all trials, counted up to the
 * mark or the trial's end, divided by the number of trials that reached the mark. The ERT is the expected number of
 * steps if one restarts with fresh noise until a trial reaches the mark. The value is infinite if no trial reached the
 * mark.
 *
 * The limits come from the delta method for the logarithm of the ratio. If too few trials reached or missed the mark,
 * or if the interval must be valid at any interim look, the limits come from ERT = m1 + (1/p - 1) m0. Here p is the
 * probability of reaching the mark. m1 and m0 are the mean numbers of steps of trials that reach the mark and of trials
 * that miss it. Each of p, m1 and m0 has its own limits, at alpha / 3.
 */
export function costOf(mark: string, { tally, layout, guard, samples = 1 }: Evidence): Estimate {
  const place = layout.marks.indexOf(mark)
  if (place < 0) throw noSuchEstimate(printEstimate({ kind: 'cost', name: mark }))
  const sums = tally.markSteps![place]!
  const { trials } = tally
  const reached = tally.marks[place]!
  const alpha = alphaIn(guard)
  const normal = isFixed(guard) && Math.min(reached, trials - reached) >= minForNormal
  const value = reached === 0 ? Number.POSITIVE_INFINITY : Number(sums.steps) / reached
  const spent: Spent = { sums, trials, reached, alpha }
  const { low, high } = normal ? byDelta(value, spent) : byParts(spent, layout.horizon, guard)
  return {
    value,
    low,
    high,
    ...described(normal ? 'delta' : 'bonferroni', guard),
    events: reached,
    gradients: { value: value * samples, low: low * samples, high: high * samples },
  }
}

interface Spent {
  readonly sums: MarkSteps
  readonly trials: number
  readonly reached: number
  readonly alpha: number
}

/**
 * For each trial, take its number of steps, and subtract `value` if the trial reached the mark. The mean of these
 * differences over all trials is 0, and their variance gives the limits.
 */
function byDelta(value: number, { sums, trials, reached, alpha }: Spent): Interval {
  const squares = Number(sums.stepsSquared) - 2 * value * Number(sums.reached) + value * value * reached
  const error = Math.sqrt((Math.max(squares, 0) * trials) / (trials - 1)) / Number(sums.steps)
  const factor = exp(studentQuantile(alpha, reached - 1) * error)
  return { low: Math.max(value / factor, 1), high: value * factor }
}

function byParts({ sums, trials, reached, alpha }: Spent, horizon: number, guard: IntervalGuard): Interval {
  const third = alpha / 3
  const p = exactLimits(reached, trials, third, guard)
  const there = meanLimits({ trials: reached, sum: sums.reached, squares: sums.reachedSquared }, horizon, third, guard)
  const failed = {
    trials: trials - reached,
    sum: sums.steps - sums.reached,
    squares: sums.stepsSquared - sums.reachedSquared,
  }
  const lost = meanLimits(failed, horizon, third, guard)
  return { low: there.low + (1 / p.high - 1) * lost.low, high: there.high + (1 / p.low - 1) * lost.high }
}

/** Each trial takes 1 to `horizon` steps. */
function meanLimits(sums: Sums, horizon: number, alpha: number, guard: IntervalGuard): Interval {
  if (sums.trials === 0) return { low: 1, high: horizon }
  const mean = Number(sums.sum) / sums.trials
  if (spreadOf(sums) === 0) {
    // All trials took the same number of steps. `other` is an upper limit for the probability of a different number,
    // which may be anything from 1 to `horizon`.
    const other = exactLimits(0, sums.trials, alpha, guard).high
    return { low: mean + other * (1 - mean), high: mean + other * (horizon - mean) }
  }
  if (sums.trials < minForNormal) return { low: 1, high: horizon }
  const half = isFixed(guard) ? studentHalfWidth(sums, alpha) : sequenceHalfWidth(sums, alpha)
  return { low: Math.max(mean - half, 1), high: Math.min(mean + half, horizon) }
}

export const cost: EstimateEntry = {
  make: ({ name }, evidence) => costOf(name, evidence),
  fit: ({ name }) => `it is not a count of events; fit log(${printEstimate({ kind: 'mark', name })}) instead`,
}
