import { binStart } from '@driftfarm/kernel'
import type { Evidence } from './evidence.ts'
import { isAbove, isBelow } from './exact.ts'

/**
 * Limits of the step by which a given share of all trials has escaped, without any assumption about the distribution of
 * that step. At these steps the exact limits of the escaped share begin and cease to contain the given share. The
 * limits are order statistics (David and Nagaraja, 2003, 7.1), moved to the outer edges of their bins. The upper limit
 * is null if it lies beyond the horizon, and the result is null if both limits do.
 *
 * `until` has the number of trials that had escaped by the end of each bin of the histogram. `more` is the number of
 * other trials that may have escaped at any step.
 */
export function quantileLimits(
  { tally, layout, guard }: Evidence,
  share: number,
  { until, more }: { readonly until: readonly number[]; readonly more: number },
): [low: number, high: number | null] | null {
  const { trials, escapeHistogram } = tally
  const alpha = guard.alpha / guard.divisor
  // The lower limit is in the first bin at whose end the upper limit of the escaped share reaches the given share.
  const first = firstOf(until, (k) => !isBelow({ k: Math.min(trials, k + more), n: trials, alpha, guard }, share))
  const last = firstOf(until, (k) => isAbove({ k, n: trials, alpha, guard }, share))
  const start = isBelow({ k: more, n: trials, alpha, guard }, share) ? first : null
  if (start !== null && start === until.length) return null
  return [
    start === null ? 1 : binStart(escapeHistogram[start]![0]),
    last === until.length ? null : Math.min(binStart(escapeHistogram[last]![0] + 1) - 1, layout.horizon),
  ]
}

/** The first index in ascending numbers at which `holds` is true, or the number of numbers if it never is. */
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
