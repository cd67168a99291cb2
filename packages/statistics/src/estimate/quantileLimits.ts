import { binStart } from '@driftfarm/kernel'
import type { Evidence } from './evidence.ts'
import { isAbove, isBelow } from './exact.ts'

/**
 * Limits of the step by which a given share of all trials has escaped, without any assumption about the distribution of
 * that step. At each step, the share of trials that have escaped so far has an exact interval. At the lower limit, this
 * interval begins to contain the given share; at the upper limit, it ceases to contain it. The limits are order
 * statistics (David and Nagaraja, 2003, 7.1), moved to the outer edges of their bins. If only the upper limit lies
 * beyond the horizon, it is null. If both limits lie beyond the horizon, the result is null.
 *
 * `until` lists, for each bin of the histogram, the number of trials that had escaped by its end. `more` is the number
 * of further trials that may have escaped, at an unknown step.
 */
export function quantileLimits(
  { tally, layout, guard }: Evidence,
  share: number,
  { until, more }: { readonly until: readonly number[]; readonly more: number },
): [low: number, high: number | null] | null {
  const { trials, escapeHistogram } = tally
  const alpha = guard.alpha / guard.divisor
  // The lower limit of the quantile is in the first bin at whose end the escaped share has an upper limit that reaches
  // `share`.
  const first = firstOf(until, (k) => !isBelow({ k: Math.min(trials, k + more), n: trials, alpha, guard }, share))
  const last = firstOf(until, (k) => isAbove({ k, n: trials, alpha, guard }, share))
  const start = isBelow({ k: more, n: trials, alpha, guard }, share) ? first : null
  if (start !== null && start === until.length) return null
  return [
    start === null ? 1 : binStart(escapeHistogram[start]![0]),
    last === until.length ? null : Math.min(binStart(escapeHistogram[last]![0] + 1) - 1, layout.horizon),
  ]
}

/** The index of the first of the ascending `numbers` that satisfies `holds`; the length of the array if none does. */
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
