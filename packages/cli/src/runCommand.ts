import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { composed } from '@driftfarm/spec'
import { withAccess, withSecretFiles } from './environment.ts'
import { attempt, exitCodes } from './failure.ts'
import { createShell, type ShellOptions } from './shell.ts'

/**
 * Runs one command and returns its exit code. `argv` does not include the name of the program. The command does not use
 * the global state of the process and leaves nothing open. So one process may run several commands one after another,
 * or at the same time if their home folders differ.
 */
export async function runCommand(argv: readonly string[], surroundings: ShellOptions): Promise<number> {
  const shell = createShell(surroundings)
  let exit: number = exitCodes.done
  return attempt(shell, argv.includes('--json'), async () => {
    const env = await withAccess(withSecretFiles(shell.env), shell.cwd)
    if (argv[0] === 'complete') {
      const [{ complete }, { commands }] = await Promise.all([
        import('./completion/candidates.ts'),
        import('./commands.generated.ts'),
      ])
      await complete({ ...shell, env }, argv.slice(argv[1] === '--' ? 2 : 1), commands)
      return exit
    }
    const words = argv.map((word) => nameOrFile(word, shell.cwd))
    const { runProgram } = await import('./program.ts')
    await runProgram({ ...shell, env }, words, (code) => {
      exit = code
    })
    return exit
  })
}

/** Converts a name to the Unicode form that specs use. If a file has this name, returns the name unchanged. */
function nameOrFile(word: string, cwd: string): string {
  const name = composed(word)
  return name === word || existsSync(resolve(cwd, word)) ? word : name
}
