import { setTimeout as delay } from 'node:timers/promises'
import { isFull, isRetryable } from '@driftfarm/database'
import { settings } from './settings.ts'

/**
 * Repeats a call to the ledger while the database is unreachable or full. All calls must be idempotent. After `until`
 * is aborted, or if the database was unreachable for five minutes, the last error is thrown. There is no time limit for
 * a full database, because recomputed batches could not be stored either. `onFull` is called with the error when the
 * database is full, and with null after a call succeeds.
 */
export async function retryWhileUnreachable<T>(
  until: AbortSignal,
  retryDelayMs: number,
  onFull: (error: unknown) => void,
  work: () => Promise<T>,
): Promise<T> {
  let end = performance.now() + settings.patienceMs
  for (;;) {
    try {
      const answer = await work()
      onFull(null)
      return answer
    } catch (error) {
      const full = isFull(error)
      if (full) {
        onFull(error)
        end = performance.now() + settings.patienceMs
      }
      if (!(full || isRetryable(error)) || until.aborted || performance.now() > end) throw error
      await delay(retryDelayMs, undefined, { signal: until }).catch(() => undefined)
      if (until.aborted) throw error
    }
  }
}
