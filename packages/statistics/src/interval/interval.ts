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
