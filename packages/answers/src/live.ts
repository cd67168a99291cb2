import { setTimeout as wait } from 'node:timers/promises'
import { type Database, type SweepStatus, sweepStatus } from '@driftfarm/database'
import type { LiveFarm, LiveOptions, LiveSweep, Source } from '@driftfarm/report'
import { isEnded } from '@driftfarm/spec'
import { withTimeLimit } from './withTimeLimit.ts'

const everyMs = 500

/** For sweeps with more cells than this, `cells` is null. */
const maxLiveCells = 20_000

/** Yields what `read` returns, now and after each change, until `isLast` holds or the signal is aborted. */
async function* changes<State>(
  read: () => Promise<State>,
  isLast: (state: State) => boolean,
  { signal }: LiveOptions,
): AsyncGenerator<State> {
  let last = ''
  while (!signal.aborted) {
    const state = await read()
    const text = JSON.stringify(state)
    if (text !== last) yield state
    last = text
    if (isLast(state)) return
    await wait(everyMs, undefined, { signal }).catch(() => undefined)
  }
}

/** Yields the status and the cells of a sweep now and after each change, until the sweep ends. */
export function liveSweep(
  { status, cells }: Pick<Source, 'status' | 'cells'>,
  sweep: string,
  options: LiveOptions,
): AsyncGenerator<LiveSweep> {
  const read = async (): Promise<LiveSweep> => {
    const now = await status({ sweep })
    const { open, done, failed } = now.cells
    return { status: now, cells: open + done + failed > maxLiveCells ? null : await cells({ sweep }) }
  }
  return changes(read, (live) => isEnded(live.status.state), options)
}

export function liveFarm(
  { sweeps, farm }: Pick<Source, 'sweeps' | 'farm'>,
  options: LiveOptions,
): AsyncGenerator<LiveFarm> {
  const read = async (): Promise<LiveFarm> => {
    const [all, processes] = await Promise.all([sweeps(), farm()])
    return { sweeps: all, farm: processes }
  }
  return changes(read, () => false, options)
}

/** `JSON.stringify` throws on a bigint, so bigints are written as strings. */
const plain = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)

/**
 * Yields the status of a sweep at each change, up to the final status. Ends early if the signal is aborted. While the
 * database does not answer, the last known status is yielded, and its `farm` reports the failure. Throws only if the
 * first status cannot be read.
 */
export async function* waitFor(
  database: Database,
  sweepId: string,
  { signal, everyMs = 200 }: { readonly signal: AbortSignal; readonly everyMs?: number },
): AsyncGenerator<SweepStatus> {
  let last = ''
  let known: SweepStatus | null = null
  const query = withTimeLimit(() => sweepStatus(database, sweepId))
  while (!signal.aborted) {
    const outcome = await query()
    if ('value' in outcome) known = outcome.value
    else if (known === null && outcome.error !== null) throw outcome.error
    if (known !== null) {
      const status: SweepStatus = 'value' in outcome ? known : { ...known, farm: outcome.trouble }
      const text = JSON.stringify(status, plain)
      if (text !== last) yield status
      last = text
      if (isEnded(status.state)) return
    }
    await wait(everyMs, undefined, { signal }).catch(() => undefined)
  }
}
