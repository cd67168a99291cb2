import { script } from '@bomb.sh/tab'
import { CliError } from '../../failure.ts'
import { print } from '../../output.ts'
import type { Shell } from '../../shell.ts'
import { bashScript } from './bash.ts'
import { candidates } from './candidates.ts'
import { captureLog } from './logged.ts'
import { shells } from './shells.ts'

export async function completion(shell: Shell, name: string): Promise<void> {
  if (!shells.includes(name))
    throw new CliError('USAGE', `no completion script for ${name}`, `use one of ${shells.join(', ')}`)
  await print(shell, name === 'bash' ? bashScript : captureLog(() => script(name, 'driftfarm', 'driftfarm')))
}

/** The user is typing the last of `words`. The name of the program is not among `words`. */
export async function complete(shell: Shell, words: readonly string[]): Promise<void> {
  await print(shell, await candidates(shell, words))
}
