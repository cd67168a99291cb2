import { exitCodes, failureOf, printFailure } from './failure.ts'
import { createProgram } from './program.ts'
import { createShell, type Shell, type Surroundings } from './shell.ts'

/**
 * Runs one command, `argv` without the name of the program, and returns its exit code. It uses nothing of the process but
 * what it is given and leaves nothing open, so that commands may run one after another, or at once in different homes.
 */
export async function runCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const shell = createShell(surroundings)
  let exit: number = exitCodes.done
  const program = createProgram(shell, (code) => {
    exit = code
  })
  return attempt(shell, argv.includes('--json'), async () => {
    await program.parseAsync(argv, { from: 'user' })
    return exit
  })
}

/** The exit code of `work`; a failure is told on standard error. */
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
