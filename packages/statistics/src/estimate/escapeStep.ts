import { binStart, type RecordLayout, type Tally } from '@driftfarm/kernel'
import type { Interval } from '../interval/interval.ts'
import { sequenceHalfWidth, spreadOf, studentHalfWidth } from '../interval/mean.ts'
import type { Entry } from './entry.ts'
import type { Estimate } from './estimate.ts'
import type { Evidence } from './evidence.ts'
import { isFixed } from './exact.ts'
import { described, limits } from './probability.ts'
import { quantileLimits } from './quantileLimits.ts'
import { mayHaveEscaped } from './undecided.ts'

/** With fewer escapes, the distribution of the mean is far from normal. */
export const minForNormal = 30
const shares = [
  ['0.1', 1, 10],
  ['0.25', 1, 4],
  ['0.5', 1, 2],
  ['0.75', 3, 4],
  ['0.9', 9, 10],
] as const

/**
 * The mean of min(tau, N) over all trials (the restricted mean), where tau is the step of the escape and N the horizon.
 * The quantiles of tau are also over all trials, with exact limits. Trials whose escape is unknown decrease the lower
 * limits, since each may have escaped at its first step.
 */
export function escapeStep(evidence: Evidence): Estimate {
  const { tally, layout, trial, guard } = evidence
  const { trials, escaped, escapeSteps, escapeStepsSquared } = tally
  const more = mayHaveEscaped(tally, trial)
  const value = Number(escapeSteps) / trials
  const sums = { trials, sum: escapeSteps, squares: escapeStepsSquared }
  const limited = escaped < minForNormal || spreadOf(sums) === 0
  const { method, ...interval } = limited
    ? { method: 'bounded', ...bounded(evidence, more) }
    : isFixed(guard)
      ? { method: 'student', ...around(value, studentHalfWidth(sums, guard.alpha / guard.divisor)) }
      : { method: 'asymptotic-sequence', ...around(value, sequenceHalfWidth(sums, guard.alpha / guard.divisor)) }
  const quantiles: Record<string, [number, number] | null> = {}
  const exact: Record<string, [number, number | null] | null> = {}
  let sum = 0
  const until = tally.escapeHistogram.map(([, count]) => (sum += count))
  for (const [name, above, below] of shares) {
    quantiles[name] = quantile(tally, layout, above, below)
    exact[name] = quantileLimits(evidence, above / below, { until, more })
  }
  return {
    value,
    low: Math.max(limited ? interval.low : interval.low - (more / trials) * (layout.horizon - 1), Math.min(1, value)),
    high: Math.min(interval.high, layout.horizon),
    ...described(method, guard),
    events: escaped,
    quantiles,
    quantileLimits: exact,
  }
}

/** Without an escape, min(tau, N) of a trial is N. An escape lowers it by at most N - 1, because tau is at least 1. */
function bounded({ tally, layout, guard }: Evidence, more: number): Interval {
  const most = limits('escape', Math.min(tally.trials, tally.escaped + more), tally.trials, guard).high
  return { low: layout.horizon - most * (layout.horizon - 1), high: layout.horizon }
}

function around(value: number, half: number): Interval {
  return { low: value - half, high: value + half }
}

function quantile(tally: Tally, layout: RecordLayout, above: number, below: number): [number, number] | null {
  // The arithmetic is exact, since a cell has at most 10^15 trials.
  const most = tally.trials * above + below - 1
  const rank = (most - (most % below)) / below
  let escaped = 0
  for (const [bin, count] of tally.escapeHistogram) {
    escaped += count
    if (escaped >= rank) return [binStart(bin), Math.min(binStart(bin + 1) - 1, layout.horizon)]
  }
  return null
}

export const step: Entry = {
  make: (_, evidence) => escapeStep(evidence),
  isIn: () => true,
  saysWhichEscape: true,
  fit: () => 'it is not a count of events; fit log(escapeRate) instead',
  meaning:
    'mean number of steps to escape, where a trial without an escape counts as the whole horizon; ' +
    'not the mean time to escape',
}
