import { StatisticsError } from '../error.ts'

export interface Interval {
  readonly low: number
  readonly high: number
}

export function checkCounts(k: number, n: number): void {
  if (!(Number.isSafeInteger(k) && Number.isSafeInteger(n) && 0 <= k && k <= n && n > 0))
    throw new StatisticsError(
      'COUNT',
      `${k} of ${n}`,
      'give integers up to 2^53: at least one trial, and no more events than trials',
    )
}

/** 1 - confidence. */
export function alphaOf(confidence: number): number {
  if (!(confidence > 0 && confidence < 1))
    throw new StatisticsError('CONFIDENCE', String(confidence), 'write 0.95 for 95 %')
  return 1 - confidence
}

/**
 * The smallest and the largest of the values; `[Infinity, -Infinity]` if there are none.
 * `Math.min(...values)` would overflow the stack for tens of thousands of values; in a browser's threads, fewer values
 * are enough.
 */
export function extentOf(values: Iterable<number>): [least: number, most: number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  return [least, most]
}
