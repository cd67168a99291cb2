import { setTimeout as delay } from 'node:timers/promises'
import { QueueError } from './error.ts'

/**
 * Returns the result of `work`. Throws QUEUE_UNREACHABLE if the work takes longer than `timeoutMs`. The work itself is
 * not stopped, so it must be harmless if it finishes late.
 */
export async function withTimeout<T>(work: Promise<T>, timeoutMs: number, doing: string): Promise<T> {
  if (await settlesWithin(work, timeoutMs)) return work
  throw new QueueError('QUEUE_UNREACHABLE', `${doing}: no response within ${timeoutMs / 1000} s`)
}

export async function settlesWithin(work: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  const over = new AbortController()
  const late = delay(timeoutMs, false, { signal: over.signal }).catch(() => false)
  const done = Promise.allSettled([work]).then(() => true)
  const isDone = await Promise.race([done, late])
  over.abort()
  return isDone
}
