import { identify, type Runner, type SubmittedRun } from '@driftfarm/farm'
import type { ResolvedSpec } from '@driftfarm/report'
import type { Sweep } from '@driftfarm/spec'
import { progressOf } from '../progress.ts'
import type { Shell } from '../shell.ts'

export function identifySweep(shell: Shell, sweep: Sweep, signal: AbortSignal): Promise<void> {
  const onCells = progressOf(shell, 'reading cell', sweep.cellCount)
  return unlessInterrupted(sweep, signal, () => identify(sweep, { signal, onCells }))
}

/** If a signal arrives, no part of the sweep is stored. */
export function submitWithProgress(
  shell: Shell,
  runner: Runner,
  spec: ResolvedSpec,
  signal: AbortSignal,
): Promise<SubmittedRun> {
  const { sweep } = spec
  const onCells = progressOf(shell, `storing ${sweep.name}: cell`, sweep.cellCount)
  return unlessInterrupted(sweep, signal, () => runner.submit(spec, { onCells, signal }))
}

/** A signal may end `work` at any time, because `work` stores nothing until it is complete. */
export async function unlessInterrupted<T>(sweep: Sweep, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (signal.aborted && error === signal.reason) throw new NothingStored(sweep)
    throw error
  }
}

export class NothingStored extends Error {
  constructor({ name }: Sweep) {
    super(`interrupted: ${name} is not stored; run the spec again to start over`)
  }
}
