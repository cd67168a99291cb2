import { DatabaseError, type FarmState, isFull, isRetryable } from '@driftfarm/database'
import { driftfarmError, fullWords } from '@driftfarm/formula'

/** The database counts as silent once it has not answered for this long, in ms. */
const silentMs = 4_000

export type Trouble = Extract<FarmState, { state: 'unreachable' | 'full' }>

/** What a look has found, or why it has found nothing: the database does not answer, or refuses for a while. */
export type Seen<T> = { readonly value: T } | { readonly trouble: Trouble; readonly error: unknown }

/**
 * Looks that never make their caller wait: one that takes longer than `limitMs` goes on in the background, and the next
 * call waits for the same one. Errors that do not pass by themselves are thrown.
 */
export function patient<T>(look: () => Promise<T>, limitMs = silentMs): () => Promise<Seen<T>> {
  let pending: Promise<Seen<T>> | null = null
  let since: Date | null = null
  const seen = async (): Promise<Seen<T>> => {
    const began = new Date()
    since ??= began
    try {
      const value = await look()
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
    pending ??= seen()
    pending.catch(() => undefined)
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(resolve, limitMs, null)
    })
    try {
      const found = await Promise.race([pending, late])
      if (found === null) {
        const trouble = { state: 'unreachable', reason: null, since: (since ?? new Date()).toISOString() } as const
        return { trouble, error: null }
      }
      // Only now: what a late look finds is for the call after it.
      pending = null
      return found
    } catch (error) {
      pending = null
      throw error
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Looks once: returns the value, or throws an error that may pass by itself if there is none after `limitMs`. */
export async function promptly<T>(look: () => Promise<T>, limitMs = silentMs): Promise<T> {
  const seen = await patient(look, limitMs)()
  if ('value' in seen) return seen.value
  throw seen.error ?? notAnswering(limitMs)
}

export const notAnswering = (limitMs = silentMs): DatabaseError =>
  new DatabaseError('UNREACHABLE', `the database has not answered for ${limitMs / 1_000} s`)
