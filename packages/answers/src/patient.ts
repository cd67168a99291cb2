import { type FarmState, isFull, isRetryable } from '@driftfarm/database'
import { driftfarmError } from '@driftfarm/formula'

/** The database counts as silent once it has not answered for this long, in ms. */
export const silentMs = 4_000

export type Unreachable = Extract<FarmState, { state: 'unreachable' }>

/** What a look has found, or why it has found nothing: the database does not answer, or refuses for a while. */
export type Seen<T> = { readonly value: T } | { readonly trouble: Unreachable; readonly error: unknown }

/**
 * Looks that never make their caller wait: one that takes longer than `silentMs` goes on in the background, and the
 * next call waits for the same one. Errors that do not pass by themselves are thrown.
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
      if (!(isRetryable(error) || isFull(error))) throw error
      const reason = driftfarmError(error).message
      return { trouble: { state: 'unreachable', reason, since: (since ?? began).toISOString() }, error }
    } finally {
      pending = null
    }
  }
  return async () => {
    pending ??= seen()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<Seen<T>>((resolve) => {
      timer = setTimeout(() => {
        const trouble = { state: 'unreachable', reason: null, since: since!.toISOString() } as const
        resolve({ trouble, error: null })
      }, limitMs)
    })
    try {
      return await Promise.race([pending, late])
    } finally {
      clearTimeout(timer)
    }
  }
}
