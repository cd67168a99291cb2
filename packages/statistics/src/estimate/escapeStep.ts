import { binStart, type RecordLayout, type Tally } from '@driftfarm/kernel'
import type { Estimate } from '../evidence/estimate.ts'
import { type EstimateEntry, type Evidence, mayHaveEscaped } from '../evidence/evidence.ts'
import { described, limits } from '../evidence/probability.ts'
import { alphaIn, isAbove, isBelow, isFixed } from '../interval/guard.ts'
import type { Interval } from '../interval/interval.ts'
import { sequenceHalfWidth, spreadOf, studentHalfWidth } from '../interval/mean.ts'

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
export function escapeStepOf(evidence: Evidence): Estimate {
  const { tally, layout, trial, guard } = evidence
  const { trials, escaped, escapeSteps, escapeStepsSquared } = tally
  const more = mayHaveEscaped(tally, trial)
  const value = Number(escapeSteps) / trials
  const sums = { trials, sum: escapeSteps, squares: escapeStepsSquared }
  const limited = escaped < minForNormal || spreadOf(sums) === 0
  const { method, ...interval } = limited
    ? { method: 'bounded', ...bounded(evidence, more) }
    : isFixed(guard)
      ? { method: 'student', ...around(value, studentHalfWidth(sums, alphaIn(guard))) }
      : { method: 'asymptotic-sequence', ...around(value, sequenceHalfWidth(sums, alphaIn(guard))) }
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

/**
 * Distribution-free limits for the step by which a given share of all trials has escaped. The limits are order
 * statistics (David and Nagaraja, 2003, 7.1), moved to the outer edges of their bins. An upper limit beyond the horizon
 * is null. If both limits lie beyond the horizon, the result is null.
 *
 * `until` lists the number of trials that had escaped by the end of each bin. `more` further trials may have escaped,
 * at an unknown step.
 */
function quantileLimits(
  { tally, layout, guard }: Evidence,
  share: number,
  { until, more }: { readonly until: readonly number[]; readonly more: number },
): [low: number, high: number | null] | null {
  const { trials, escapeHistogram } = tally
  const first = firstOf(until, (k) => !isBelow(Math.min(trials, k + more), trials, share, guard))
  const last = firstOf(until, (k) => isAbove(k, trials, share, guard))
  const start = isBelow(more, trials, share, guard) ? first : null
  if (start !== null && start === until.length) return null
  return [
    start === null ? 1 : binStart(escapeHistogram[start]![0]),
    last === until.length ? null : Math.min(binStart(escapeHistogram[last]![0] + 1) - 1, layout.horizon),
  ]
}

/**
 * Returns the index of the first number for which `holds` is true, or the length of the array if there is none. If
 * `holds` is true for a number, it must be true for all later numbers.
 */
function firstOf(numbers: readonly number[], holds: (number: number) => boolean): number {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(numbers[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}

export const escapeStep: EstimateEntry = {
  make: (_, evidence) => escapeStepOf(evidence),
  saysWhichEscape: true,
  fit: () => 'it is not a count of events; fit log(escapeRate) instead',
  meaning:
    'mean number of steps to escape, where a trial without an escape counts as the whole horizon; ' +
    'not the mean time to escape',
}
