import { script } from '@bomb.sh/tab'
import { command } from '../command.ts'
import { bashScript, captureLog, shells } from '../completion/scripts.ts'
import { usageError } from '../failure.ts'
import { print } from '../output.ts'

export const completion = command('completion <shell>', {
  summary: 'print a script for bash, zsh or fish that completes commands, options, files and sweep names',
  examples: [
    'completion bash >> ~/.bashrc',
    'completion zsh >> ~/.zshrc',
    'completion fish > ~/.config/fish/completions/driftfarm.fish',
  ],
  async act(shell, name) {
    if (!shells.includes(name)) throw usageError(`no completion script for ${name}`, `use one of ${shells.join(', ')}`)
    await print(shell, name === 'bash' ? bashScript : captureLog(() => script(name, 'driftfarm', 'driftfarm')))
  },
})
