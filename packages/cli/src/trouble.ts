import { exitCodes, failureOf, printFailure } from './failure.ts'
import { note } from './output.ts'
import type { Shell } from './shell.ts'

/**
 * Minimum time in ms between the first two reports of the same error. The time doubles with each further report.
 * Without a minimum time, a lost connection would cause a flood of reports.
 */
const repeatMs = 10_000

/**
 * Returns a listener for errors that workers and coordinators handle themselves. If a worker can no longer compute, the
 * listener ends the process, so that the supervisor of the process starts a new one.
 */
export function createTroubleListener(shell: Shell): (error: Error) => void {
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
    if (before !== undefined && atMs - before.atMs < before.waitMs) return
    lastPrinted.set(failure.message, { atMs, waitMs: before === undefined ? repeatMs : 2 * before.waitMs })
    note(shell, `warning: ${failure.message}`)
  }
}
