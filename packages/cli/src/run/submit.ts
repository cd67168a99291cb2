import { identify, type Runner, type SubmittedRun } from '@driftfarm/farm'
import type { ResolvedSpec } from '@driftfarm/report'
import type { Sweep } from '@driftfarm/spec'
import { progressOf } from '../progress.ts'
import type { Shell } from '../shell.ts'

// If a signal arrives, nothing of the sweep is stored, and the reason of the signal is thrown.

export function identifySweep(shell: Shell, sweep: Sweep, signal: AbortSignal): Promise<void> {
  return identify(sweep, { signal, onCells: progressOf(shell, 'reading cell', sweep.cellCount) })
}

export function submitWithProgress(
  shell: Shell,
  runner: Runner,
  spec: ResolvedSpec,
  signal: AbortSignal,
): Promise<SubmittedRun> {
  const { name, cellCount } = spec.sweep
  return runner.submit(spec, { signal, onCells: progressOf(shell, `storing ${name}: cell`, cellCount) })
}
