import { setTimeout as wait } from 'node:timers/promises'
import { type Database, fullWords, isFull, isRetryable, type SweepStatus, sweepStatus } from '@driftfarm/database'
import { isEnded } from '@driftfarm/spec'

/** Replaces bigints by decimal strings, since JSON has no large integers. */
const plain = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)

/**
 * The status of a sweep at each change; the last one is that of its end. Ends early when the signal is aborted. While
 * the database does not answer the last status holds, with a farm that says so; only the first one must be had.
 */
export async function* waitFor(
  database: Database,
  sweepId: string,
  { signal, everyMs = 200 }: { readonly signal: AbortSignal; readonly everyMs?: number },
): AsyncGenerator<SweepStatus> {
  let last = ''
  let known: SweepStatus | null = null
  while (!signal.aborted) {
    const status = await sweepStatus(database, sweepId).catch((error: unknown) => {
      if (known === null || !(isRetryable(error) || isFull(error))) throw error
      const reason = isFull(error) ? fullWords : error instanceof Error ? error.message : String(error)
      return { ...known, farm: { state: 'unreachable', reason } as const }
    })
    if (status.farm?.state !== 'unreachable') known = status
    const text = JSON.stringify(status, plain)
    if (text !== last) yield status
    last = text
    if (isEnded(status.state)) return
    await wait(everyMs, undefined, { signal }).catch(() => undefined)
  }
}
