import { RootCommand, type Option as TabOption } from '@bomb.sh/tab'
import type { NamedSweep } from '@driftfarm/database'
import { type Description, groups } from '../command.ts'
import { elementName, exampleNames, pythonFiles } from '../exampleFolder.ts'
import { type DescribedOption, flagsOf } from '../options/option.ts'
import type { Shell } from '../shell.ts'
import { captureLog, shells } from './scripts.ts'

/** Time limit in ms for the names of sweeps, short enough that the user does not notice a delay. */
const namesMs = 300

/** Makes the shell complete file names. */
const files = ':0\n'

/** Whether an argument or an option value, as written in the help, stands for a file. */
const isFile = (value: string): boolean => /^[<[](spec|file)(\.\.\.)?[>\]]$/.test(value)
const isSweep = (value: string): boolean => /^[<[](sweep|other)[>\]]$/.test(value)

/**
 * Prints one line for each candidate for the last of the words, which the user is typing. `driftfarm` is not among the
 * words. A final line tells the shell whether to complete file names.
 */
export async function complete(
  shell: Shell,
  typed: readonly string[],
  commands: readonly Description[],
): Promise<void> {
  // A single hyphen may be the beginning of any option, but the library takes it for a short option. So a single hyphen
  // is replaced by two, which match all options.
  const words = withoutEquals(typed.at(-1) === '-' ? [...typed.slice(0, -1), '--'] : typed)
  const declared = commandOf(words, commands)
  const last = words.at(-1) ?? ''
  const wantsValue = declared !== undefined && !last.startsWith('-')
  const sweeps = wantsValue && declared.arguments.some(isSweep) ? await sweepsOf(shell) : []
  const names = wantsValue ? [...sweeps.map(({ name }) => name), ...(await otherNames(declared.name))] : []
  let wantsFiles = false
  const root = new RootCommand()
  for (const each of commands) describe(root, each, { names, sweeps, words, file: () => (wantsFiles = true) })
  // The library finds a command of two words only if the first word is registered as a command too.
  for (const [name, summary] of Object.entries(groups)) root.command(name, summary)
  root.command('help', 'show help for a command')
  const answer = captureLog(() => root.parse([...words]))
  shell.stdout.write(wantsFiles ? files : answer)
}

/** Splits `--kind=map` into `--kind` and `map`. Bash sends `--kind`, `=` and `map`; here the word `=` is removed. */
function withoutEquals(words: readonly string[]): string[] {
  return words.flatMap((word, i) => {
    const parted = /^(--[a-z-]+)=(.*)$/.exec(word)
    if (parted !== null) return parted.slice(1)
    return word === '=' && words[i - 1]?.startsWith('--') ? [] : [word]
  })
}

function commandOf(words: readonly string[], commands: readonly Description[]): Description | undefined {
  return commands.find(({ name }) => name.split(' ').every((part, i) => words[i] === part) && words.length > 1)
}

// The code that finds candidates is loaded only if it is needed. An import of names from one file loads only that file.

async function sweepsOf({ env, cwd }: Shell): Promise<readonly NamedSweep[]> {
  const { sweepNames } = await import('@driftfarm/database')
  const { homeFolder } = await import('@driftfarm/database')
  return sweepNames(env.DATABASE_URL ? { url: env.DATABASE_URL } : { home: homeFolder(env, cwd) }, namesMs)
}

async function otherNames(command: string): Promise<readonly string[]> {
  if (command === 'landscapes') {
    const { presets } = await import('@driftfarm/spec')
    return presets.map((preset) => preset.name)
  }
  if (command === 'example') return [...exampleNames(), ...pythonFiles(), elementName]
  return command === 'completion' ? shells : []
}

interface Known {
  readonly names: readonly string[]
  readonly sweeps: readonly NamedSweep[]
  readonly words: readonly string[]
  /** Makes the shell complete file names. */
  file(): void
}

function describe(root: RootCommand, { name, summary, options, arguments: places }: Description, known: Known): void {
  const command = root.command(name, summary)
  for (const [key, option] of Object.entries(options)) {
    const long = /--(\S+)/.exec(flagsOf(key, option))![1]!
    if (option.value === null) command.option(long, option.help)
    else command.option(long, option.help, valuesOf(option, known), option.letter)
  }
  command.option('help', 'display help for command')
  for (const place of places) command.argument(place, argumentOf(name, place, known), place.includes('...'))
}

function valuesOf({ choices, value }: DescribedOption, known: Known): NonNullable<TabOption['handler']> {
  return (complete) => {
    if (value !== null && isFile(value)) known.file()
    for (const choice of choices ?? ofSweeps(value, known)) complete(choice, '')
  }
}

/** Estimates or swept paths: of the sweep that was typed, or of all sweeps. */
function ofSweeps(value: string | null, { sweeps, words }: Known): Iterable<string> {
  const typed = sweeps.filter(({ name }) => words.includes(name))
  const of = typed.length > 0 ? typed : sweeps
  if (value === '<estimate>') return new Set(of.flatMap(({ estimates }) => estimates))
  return value === '<path>' ? new Set(of.flatMap(({ paths }) => paths)) : []
}

type Handler = NonNullable<Parameters<RootCommand['argument']>[1]>

function argumentOf(command: string, place: string, { names, words, file }: Known): Handler {
  return (complete) => {
    // `figure --kind landscape` draws the landscape of a spec file, so files are offered.
    if (isFile(place) || (command === 'figure' && words.includes('landscape'))) file()
    else for (const name of names) complete(name, '')
  }
}
