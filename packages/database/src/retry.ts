import { setTimeout as sleep } from 'node:timers/promises'
import { saysBroken } from '@driftfarm/formula'
import { codeOf, DatabaseError, messageOf } from './errors.ts'

/**
 * Whether the same work may be tried again: conflicts, deadlocks, a server that restarts or has no free connection, a
 * broken connection. After a broken connection it is unknown whether the work took effect, so only idempotent work may
 * be repeated.
 */
export function isRetryable(error: unknown): boolean {
  if (error instanceof DatabaseError) return error.retryable
  const code = codeOf(error)
  if (code !== undefined && (codes.has(code) || code.startsWith('08'))) return true
  return saysBroken(messageOf(error))
}

/**
 * Whether the server has no room left on its disk. Nothing took effect, and the same may be tried again once there is
 * room. It is no part of `isRetryable`, because that may take a day.
 */
export function isFull(error: unknown): boolean {
  const code = codeOf(error)
  return (
    code === '53100' ||
    code === 'ENOSPC' ||
    code === 'DATABASE_FULL' ||
    /no space left on device/i.test(messageOf(error))
  )
}

/** What a process says of itself while the database has no room left. */
export const fullWords = 'the database has no room left on its disk'

/** The same error whatever the server could not write, so that it is told once. */
export const fullError = (cause: unknown): DatabaseError => new DatabaseError('DATABASE_FULL', fullWords, { cause })

/** Whether work was rolled back for a conflict with other work: then it took no effect for sure. */
const isConflict = (error: unknown): boolean => conflicts.has(codeOf(error) ?? '')

const conflicts: ReadonlySet<string> = new Set(['40001', '40P01', '55P03'])

const codes: ReadonlySet<string> = new Set([
  '40001', // serialization failure
  '40P01', // deadlock
  '55P03', // lock not available
  '57014', // statement timeout: a table was locked for long, or the server is slow
  '57P01', // admin shutdown
  '57P02', // crash shutdown
  '57P03', // cannot connect now
  '53300', // too many connections
  '25P03', // idle in transaction too long: we were frozen
  'P1001', // Prisma: cannot reach the server
  'P1017', // Prisma: server closed the connection
  'P2024', // Prisma: no connection from the pool in time
  'P2028', // Prisma: transaction failed
  'P2034', // Prisma: write conflict
  'ECONNRESET',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'EPIPE',
])

const firstDelayMs = 20
const longestDelayMs = 2_000

/**
 * Repeats idempotent work until it succeeds, fails with an error that is not retryable, or `limitMs` has passed since
 * the first failure. With `conflicts` any work may be repeated: only what had no effect is.
 */
export async function retrying<T>(
  work: () => Promise<T>,
  limitMs: number,
  { conflicts: onlyConflicts = false }: { readonly conflicts?: boolean } = {},
): Promise<T> {
  const mayRepeat = onlyConflicts ? isConflict : isRetryable
  let end: number | undefined
  for (let delay = firstDelayMs; ; delay = Math.min(2 * delay, longestDelayMs)) {
    try {
      return await work()
    } catch (error) {
      end ??= performance.now() + limitMs
      if (!mayRepeat(error) || performance.now() + delay > end) throw error
      await sleep(delay * (0.5 + Math.random())) // random, to be apart from others that failed at the same moment
    }
  }
}
