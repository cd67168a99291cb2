import { setTimeout as delay } from 'node:timers/promises'
import { isRetryable } from '@driftfarm/database'
import { settings } from './settings.ts'

/**
 * Repeats a call of the ledger while the database is away: all of them are idempotent, and a batch that was computed
 * is worth waiting for. Gives up on other errors, when `until` aborts, and after five minutes.
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
