import { setTimeout as sleep } from 'node:timers/promises'
import { fullWords, kindOf } from '@driftfarm/formula'
import { DatabaseError } from '../errors.ts'

/**
 * Whether the same work may be retried after an error. True for conflicts, deadlocks, a server that restarts or has no
 * free connection, and a broken connection. After a broken connection it is unknown whether the work took effect, so
 * only idempotent work may be repeated. A full disk is not retryable, because it may stay full for a day.
 */
export function isRetryable(error: unknown): boolean {
  const kind = kindOf(error)
  if (kind?.is === 'full') return false
  if (error instanceof DatabaseError) return error.retryable
  return kind?.ends === 'unreachable' && kind.retryable !== false
}

/** Whether the error means that the server's disk is full. The work had no effect and may be retried later. */
export const isFull = (error: unknown): boolean => kindOf(error)?.is === 'full'

/** The error for a failed write on a full disk. Its text is the same for all causes, so the user sees it only once. */
export const fullError = (cause: unknown): DatabaseError => new DatabaseError('DATABASE_FULL', fullWords, { cause })

/** A conflict means that the work was rolled back and had no effect. */
const isConflict = (error: unknown): boolean => kindOf(error)?.is === 'conflict'

const firstDelayMs = 20
const longestDelayMs = 2_000

export interface RetryOptions {
  /** The work is repeated only after a conflict, and need not be idempotent. */
  readonly conflicts?: boolean
  /** After this signal is aborted, the work is not repeated. */
  readonly until?: AbortSignal
  /**
   * Called with the error if the disk of the server is full. The work is then repeated, without a time limit. Without
   * this option, such an error is thrown.
   */
  readonly onFull?: (error: unknown) => void
}

/**
 * Repeats idempotent work until it succeeds, fails with an error that is not retryable, or `limitMs` has passed since
 * the first failure.
 */
export async function retrying<T>(
  work: () => Promise<T>,
  limitMs: number,
  { conflicts: onlyConflicts = false, until, onFull }: RetryOptions = {},
): Promise<T> {
  const mayRepeat = onlyConflicts ? isConflict : isRetryable
  let end: number | undefined
  for (let delay = firstDelayMs; ; delay = Math.min(2 * delay, longestDelayMs)) {
    try {
      return await work()
    } catch (error) {
      const waitsForSpace = onFull !== undefined && isFull(error)
      if (waitsForSpace) onFull(error)
      end = waitsForSpace ? undefined : (end ?? performance.now() + limitMs)
      if (end !== undefined && (!mayRepeat(error) || performance.now() + delay > end)) throw error
      // The delay is random, so that many clients do not retry at the same time.
      await sleep(delay * (0.5 + Math.random()), undefined, { signal: until }).catch(() => undefined)
      if (until?.aborted) throw error
    }
  }
}
