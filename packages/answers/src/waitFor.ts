import { setTimeout as wait } from 'node:timers/promises'
import { type Database, type SweepStatus, sweepStatus } from '@driftfarm/database'
import type { FollowOptions } from '@driftfarm/report'
import { isEnded } from '@driftfarm/spec'
import { withTimeLimit } from './withTimeLimit.ts'

/**
 * Yields the status of a sweep at each change, up to the final status. Ends early if the signal is aborted. While the
 * database does not answer, the last known status is yielded, and its `farm` reports the failure. Throws only if the
 * first status cannot be read. A sweep may end within a moment of its submission. So without `ended`, the first reads
 * follow each other at shorter intervals than `everyMs`.
 */
export async function* waitFor(
  database: Database,
  sweepId: string,
  { signal, everyMs = 200, ended }: FollowOptions,
): AsyncGenerator<SweepStatus> {
  const sooner = ended && AbortSignal.any([signal, ended])
  let last = ''
  let known: SweepStatus | null = null
  const query = withTimeLimit(() => sweepStatus(database, sweepId))
  const began = performance.now()
  while (!signal.aborted) {
    const outcome = await query()
    if ('value' in outcome) known = outcome.value
    else if (known === null && outcome.error !== null) throw outcome.error
    if (known !== null) {
      const status: SweepStatus = 'value' in outcome ? known : { ...known, farm: outcome.trouble }
      const text = JSON.stringify(status)
      if (text !== last) yield status
      last = text
      if (isEnded(status.state)) return
    }
    const pauseMs = ended === undefined ? Math.min(everyMs, 10 + (performance.now() - began) / 10) : everyMs
    // Another sweep may have ended. Then the reads go on at their interval.
    const until = sooner === undefined || sooner.aborted ? signal : sooner
    await wait(pauseMs, undefined, { signal: until }).catch(() => undefined)
  }
}
