import { exitCodes, failureOf, printFailure } from './failure.ts'
import { note } from './output.ts'
import type { Shell } from './shell.ts'

/**
 * Minimum time in ms before an error is reported again. It doubles with each report, because every part of the farm
 * notices a lost connection at every attempt.
 */
const repeatMs = 10_000

/**
 * Returns a listener for errors that workers and coordinators handle themselves. If `printsErrors` is set, each error
 * is reported at growing intervals. If a worker can no longer compute, the process ends, so that its supervisor starts
 * a new one.
 */
export function createTroubleListener(
  shell: Shell,
  { printsErrors }: { readonly printsErrors: boolean },
): (error: Error) => void {
  const lastPrinted = new Map<string, { readonly atMs: number; readonly waitMs: number }>()
  return (error) => {
    const failure = failureOf(error)
    if (failure.code === 'WORKER_WEDGED') {
      shell.line.clear()
      printFailure(shell, failure, false)
      shell.leave(exitCodes.unreachable)
    }
    const atMs = performance.now()
    const before = lastPrinted.get(failure.message)
    if (!printsErrors || (before !== undefined && atMs - before.atMs < before.waitMs)) return
    lastPrinted.set(failure.message, { atMs, waitMs: before === undefined ? repeatMs : 2 * before.waitMs })
    note(shell, `warning: ${failure.message}`)
  }
}
