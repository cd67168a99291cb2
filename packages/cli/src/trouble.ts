import { exitCodes, failureOf, printFailure } from './failure.ts'
import { note } from './output.ts'
import type { Shell } from './shell.ts'

/**
 * An error is reported at most once in this time, in ms: a lost connection is noticed by every part, and again at every
 * attempt.
 */
const repeatMs = 10_000

/**
 * Returns a listener for errors that workers and coordinators handle themselves: each is reported now and then, if
 * `tell` is set. If a worker can no longer compute, the process is ended, so that its supervisor starts a new one.
 */
export function troubleListener(shell: Shell, { tell }: { readonly tell: boolean }): (error: Error) => void {
  const toldAt = new Map<string, number>()
  return (error) => {
    const failure = failureOf(error)
    if (failure.code === 'WORKER_WEDGED') {
      shell.line.clear()
      printFailure(shell, failure, false)
      shell.leave(exitCodes.unreachable)
    }
    const now = performance.now()
    if (!tell || now - (toldAt.get(failure.message) ?? Number.NEGATIVE_INFINITY) < repeatMs) return
    toldAt.set(failure.message, now)
    note(shell, `warning: ${failure.message}`)
  }
}
