import { setTimeout as wait } from 'node:timers/promises'
import { type Database, type SweepStatus, sweepStatus } from '@driftfarm/database'
import { isEnded } from '@driftfarm/spec'

/** Replaces bigints by decimal strings, since JSON has no large integers. */
const plain = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)

/** The status of a sweep at each change; the last one is that of its end. Ends early when the signal is aborted. */
export async function* waitFor(
  database: Database,
  sweepId: string,
  { signal, everyMs = 200 }: { readonly signal: AbortSignal; readonly everyMs?: number },
): AsyncGenerator<SweepStatus> {
  let last = ''
  while (!signal.aborted) {
    const status = await sweepStatus(database, sweepId)
    const text = JSON.stringify(status, plain)
    if (text !== last) yield status
    last = text
    if (isEnded(status.state)) return
    await wait(everyMs, undefined, { signal }).catch(() => undefined)
  }
}
