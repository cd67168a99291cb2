import { waitFor } from '@driftfarm/coordinator'
import { LedgerError, type SweepStatus } from '@driftfarm/database'
import { CliError } from '../../failure.ts'
import { createLookout } from '../../lookout.ts'
import { note } from '../../output.ts'
import type { Session } from '../../session.ts'
import type { Shell } from '../../shell.ts'

export interface FollowOptions {
  /** Ends the wait. */
  readonly signal: AbortSignal
  readonly timeoutMs: number | undefined
  /** How often the sweep is looked at. */
  readonly everyMs: number
  /** Whether what the farm lacks is said: not where this process is the farm, nor beside JSON. */
  readonly lookout: boolean
  /** Told each state that differs from the one before; true ends the wait. */
  onStatus(status: SweepStatus): Promise<boolean> | boolean
}

/** Waits for the end of a sweep. Its last state, and whether the time ran out or the signal came. */
export async function follow(
  shell: Shell,
  { database, reader }: Session,
  id: string,
  { signal, timeoutMs, everyMs, lookout: isTold, onStatus }: FollowOptions,
): Promise<{ readonly last: SweepStatus | null; readonly cut: boolean }> {
  const until = timeoutMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  const lookout = createLookout({ reader, say: (line) => (isTold ? note(shell, line) : undefined) })
  let last: SweepStatus | null = null
  try {
    for await (const status of waitFor(database, id, { signal: until, everyMs })) {
      lookout.see(status.farm)
      last = status
      if (await onStatus(status)) break
    }
  } finally {
    lookout.end()
  }
  return { last, cut: until.aborted }
}

/** What became of a sweep that was there a moment ago. */
export function removedMeanwhile(error: unknown, name: string): unknown {
  if (!(error instanceof LedgerError) || error.code !== 'SWEEP_NOT_FOUND') return error
  return new CliError('SWEEP_REMOVED', `${name} was removed, with all its trials`, 'run its spec to begin anew')
}
