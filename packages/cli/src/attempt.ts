import { failureOf, printFailure } from './failure.ts'
import type { Shell } from './shell.ts'

/** Returns the exit code of `work`. Reports a failure on standard error. */
export async function attempt(shell: Shell, json: boolean, work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    const failure = failureOf(error)
    shell.line.clear()
    printFailure(shell, failure, json)
    return failure.exit
  } finally {
    shell.line.clear()
  }
}
