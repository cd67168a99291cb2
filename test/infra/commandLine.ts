import { commands, flagsOf } from '@driftfarm/cli'

const globals = new Set(['--help', '--version'])

/** What is wrong with the words after `driftfarm`: null, or a sentence. */
export function mistakeOf(words: readonly string[]): string | null {
  const named = [2, 1].map((count) => words.slice(0, count).join(' '))
  const command = commands.find(({ name }) => named.includes(name))
  if (command === undefined) return `driftfarm has no command \`${named[1]}\``
  const rest = words.slice(command.name.split(' ').length)
  const flags = new Set(
    Object.entries(command.options).flatMap(([name, option]) => flagsOf(name, option).match(/--?[a-z-]+/g) ?? []),
  )
  const unknown = rest.find((word) => /^--?[a-z]/.test(word) && !flags.has(word) && !globals.has(word))
  return unknown === undefined ? null : `driftfarm ${command.name} has no option ${unknown}`
}
