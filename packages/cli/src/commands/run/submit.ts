import { setImmediate as turn } from 'node:timers/promises'
import { type Database, type Submitted, submitSweep } from '@driftfarm/database'
import type { Sweep } from '@driftfarm/spec'
import { progressOf } from '../../progress.ts'
import type { Shell } from '../../shell.ts'

/**
 * Finds out which sweep it is, by a walk through all its cells. Progress is shown, and a signal ends it at once:
 * nothing is stored yet.
 */
export async function identify(shell: Shell, sweep: Sweep, signal: AbortSignal): Promise<void> {
  const tell = progressOf(shell, 'looking at cell', sweep.cellCount)
  for (const done of sweep.identifying()) {
    tell(done)
    await turn()
    if (signal.aborted) throw new NothingStored(sweep)
  }
}

/** Stores a sweep. Progress is shown, and a signal ends it at once: then nothing of it is stored. */
export async function submit(
  shell: Shell,
  database: Database,
  sweep: Sweep,
  text: string,
  { runner, signal }: { readonly runner: string | null; readonly signal: AbortSignal },
): Promise<Submitted> {
  try {
    const onCells = progressOf(shell, `storing ${sweep.name}: cell`, sweep.cellCount)
    return await submitSweep(database, sweep, text, { runner, onCells, signal })
  } catch (error) {
    if (signal.aborted && error === signal.reason) throw new NothingStored(sweep)
    throw error
  }
}

/** A signal came before the sweep was stored. */
export class NothingStored extends Error {
  constructor({ name }: Sweep) {
    super(`interrupted: nothing of ${name} is stored; run it again to begin anew`)
  }
}
