import { command } from '../command.ts'

export const completion = command({
  name: 'completion',
  arguments: ['<shell>'],
  summary: 'print a script for bash, zsh or fish that completes commands, options, files and sweep names',
  options: {},
  examples: [
    'completion bash >> ~/.bashrc',
    'completion zsh >> ~/.zshrc',
    'completion fish > ~/.config/fish/completions/driftfarm.fish',
  ],
  kinds: [],
  act: async (shell, name) => (await import('./completion/completion.ts')).completion(shell, name),
})
