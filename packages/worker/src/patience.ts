import { setTimeout as delay } from 'node:timers/promises'
import { isRetryable } from '@driftfarm/database'
import { settings } from './settings.ts'

/**
 * Repeats a call of the ledger while the database is unreachable. All calls are idempotent, and a computed batch is
 * worth waiting for. Other errors are thrown at once; after `until` is aborted, or five minutes, the last error is
 * thrown.
 */
export async function patiently<T>(until: AbortSignal, retryDelayMs: number, work: () => Promise<T>): Promise<T> {
  const end = performance.now() + settings.patienceMs
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isRetryable(error) || until.aborted || performance.now() > end) throw error
      await delay(retryDelayMs, undefined, { signal: until }).catch(() => undefined)
      if (until.aborted) throw error
    }
  }
}
