import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseError, type FarmState, isFull, isRetryable } from '@driftfarm/database'
import { driftfarmError, fullWords } from '@driftfarm/formula'

const silentMs = 4_000

export type DatabaseTrouble = Extract<FarmState, { state: 'unreachable' | 'full' }>

/** The result of a query, or the reason why there is none: the database does not answer or is full. */
export type QueryOutcome<T> = { readonly value: T } | { readonly trouble: DatabaseTrouble; readonly error: unknown }

/**
 * Limits how long a caller waits for a query. A query that takes longer than `limitMs` continues in the background, and
 * the next call waits for the same query. Throws only errors that trying again would not resolve.
 */
export function withTimeLimit<T>(query: () => Promise<T>, limitMs = silentMs): () => Promise<QueryOutcome<T>> {
  let pending: Promise<QueryOutcome<T>> | null = null
  let since: Date | null = null
  const runQuery = async (): Promise<QueryOutcome<T>> => {
    const began = new Date()
    since ??= began
    try {
      const value = await query()
      since = null
      return { value }
    } catch (error) {
      if (isFull(error)) return { trouble: { state: 'full', trouble: fullWords }, error }
      if (!isRetryable(error)) throw error
      const reason = driftfarmError(error).message
      return { trouble: { state: 'unreachable', reason, since: (since ?? began).toISOString() }, error }
    }
  }
  return async () => {
    pending ??= runQuery()
    pending.catch(() => undefined)
    let found: QueryOutcome<T> | null
    try {
      found = await Promise.race([pending, delay(limitMs, null, { ref: false })])
    } catch (error) {
      pending = null
      throw error
    }
    if (found === null)
      return {
        trouble: { state: 'unreachable', reason: null, since: (since ?? new Date()).toISOString() },
        error: null,
      }
    // Clear `pending` only when its query has finished. After a timeout, the next call must receive the result of the
    // same query.
    pending = null
    return found
  }
}

/** Runs one query with a time limit and returns its value. Throws an error if the query fails or takes too long. */
export async function promptResult<T>(query: () => Promise<T>, limitMs = silentMs): Promise<T> {
  const outcome = await withTimeLimit(query, limitMs)()
  if ('value' in outcome) return outcome.value
  throw outcome.error ?? databaseSilentError(limitMs)
}

export const databaseSilentError = (limitMs = silentMs): DatabaseError =>
  new DatabaseError('UNREACHABLE', `the database has not answered for ${limitMs / 1_000} s`)
