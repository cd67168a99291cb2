import { setTimeout as delay } from 'node:timers/promises'
import { isFull, isRetryable } from '@driftfarm/database'
import { settings } from './settings.ts'

/**
 * Repeats a call of the ledger while the database is unreachable or full. All calls are idempotent, and a computed
 * batch is worth waiting for. Other errors are thrown at once; after `until` is aborted the last error is thrown, also
 * after five minutes of a database that is unreachable. One that is full is waited for without a limit: what was
 * computed would have to be computed again, and could still not be stored. `onFull` is told of it, and of its end by
 * null.
 */
export async function patiently<T>(
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
