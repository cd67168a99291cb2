import { exitCodes, failureOf, printFailure } from './failure.ts'
import { note } from './output.ts'
import type { Shell } from './shell.ts'

/** A lost connection is felt by every part at once, and again at every try. */
const repeatMs = 10_000

/**
 * What workers and coordinators deal with by themselves: told once in a while where somebody reads it. A worker that
 * can no longer compute ends the process, so that whatever supervises it starts a new one.
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
