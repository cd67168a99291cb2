import { binStart } from '@driftfarm/kernel'
import type { Evidence } from './evidence.ts'
import { isAbove, isBelow } from './exact.ts'

/**
 * Distribution-free limits for the step by which a given share of all trials has escaped. The limits are order
 * statistics (David and Nagaraja, 2003, 7.1), moved to the outer edges of their bins. An upper limit beyond the horizon
 * is null. If both limits lie beyond the horizon, the result is null.
 *
 * `until` lists the number of trials that had escaped by the end of each bin. `more` further trials may have escaped,
 * at an unknown step.
 */
export function quantileLimits(
  { tally, layout, guard }: Evidence,
  share: number,
  { until, more }: { readonly until: readonly number[]; readonly more: number },
): [low: number, high: number | null] | null {
  const { trials, escapeHistogram } = tally
  const alpha = guard.alpha / guard.divisor
  const first = firstOf(until, (k) => !isBelow({ k: Math.min(trials, k + more), n: trials, alpha, guard }, share))
  const last = firstOf(until, (k) => isAbove({ k, n: trials, alpha, guard }, share))
  const start = isBelow({ k: more, n: trials, alpha, guard }, share) ? first : null
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
