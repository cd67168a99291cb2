import type { DescribedOption, OptionSet, OptionsOf } from './options/option.ts'
import { json } from './options/shared.ts'
import type { Shell } from './shell.ts'

/** The values of the arguments in a usage such as `compare <sweep> [other]`. */
type Given<Usage extends string> = Usage extends `${infer Word} ${infer Rest}`
  ? [...ValueOf<Word>, ...Given<Rest>]
  : ValueOf<Usage>
type ValueOf<Word extends string> = Word extends `<${string}...>`
  ? [readonly string[]]
  : Word extends `<${string}>`
    ? [string]
    : Word extends `[${string}]`
      ? [string | undefined]
      : []

/** The exit code; undefined means 0. */
type Exit = Promise<number | undefined> | Promise<void>

/**
 * What help, error messages and completion need of a command. `npm run generate` writes the descriptions of all
 * commands to one file of data, so that nothing else has to be loaded before a command is called.
 */
export interface Description {
  /** One word, or two if the first is the name of a group. */
  readonly name: string
  readonly arguments: readonly string[]
  readonly summary: string
  readonly options: Readonly<Record<string, DescribedOption>>
  /** Examples in the help of the command, without the name of the program. */
  readonly examples: readonly string[]
  /** Kinds of the documents that `--json` prints; empty if the command does not have `--json`. */
  readonly kinds: readonly string[]
  /** Text shown at once on a terminal, while the code of the command is loading. `<spec>` stands for this argument. */
  readonly begins?: string
}

export interface Declaration extends Description {
  readonly options: OptionSet
  act(shell: Shell, ...given: readonly unknown[]): Exit
}

interface Declared<Usage extends string, S extends OptionSet> extends Pick<Description, 'summary' | 'begins'> {
  /** Without `json`, which every command has that prints documents. */
  readonly options?: S
  /** By default, the name of the command. */
  readonly examples?: readonly string[]
  readonly kinds?: readonly string[]
  act(shell: Shell, ...given: [...Given<Usage>, OptionsOf<S>]): Exit
}

/**
 * Declares a command. A file of `commands/` exports one, or several that belong together. The usage is the name of the
 * command and its arguments: `<spec>` is required, `[sweep]` is optional, and a last argument `<file...>` stands for
 * one or more values.
 */
export function command<const Usage extends string, S extends OptionSet = Record<never, never>>(
  usage: Usage,
  { kinds = [], options, ...declared }: Declared<Usage, S>,
): Declaration {
  const words = usage.split(' ')
  const name = words.filter((word) => /^\w/.test(word)).join(' ')
  return {
    name,
    arguments: words.filter((word) => /^[<[]/.test(word)),
    examples: [name],
    ...(declared as Pick<Declaration, 'summary' | 'act'>),
    kinds,
    options: { ...options, ...(kinds.length > 0 ? { json } : {}) },
  }
}

/** The commands in the order of the help, under its headings. A command that is not listed here comes last. */
export const helpGroups: Readonly<Record<string, readonly string[]>> = {
  'Run sweeps': ['run', 'plan', 'up', 'coordinator', 'worker', 'slurm'],
  'Manage sweeps': [
    ...['list', 'status', 'watch', 'pause', 'resume', 'stop', 'cancel', 'retry', 'extend', 'describe', 'rm'],
  ],
  'Read results': ['results', 'fit', 'figure', 'report', 'compare', 'sql', 'replay', 'verify'],
  'Landscapes and theory': ['landscapes', 'example', 'minima', 'oracle', 'theorem'],
  'Farm and database': [
    ...['farm', 'doctor', 'completion', 'db migrate', 'db status', 'db url', 'db dump', 'access', 'db import'],
    ...['token create', 'token list', 'token revoke'],
  ],
}

/** A described command and the module that declares it. */
export interface ListedCommand extends Description {
  readonly load: () => Promise<object>
}

/** The declarations that a module of `commands/` exports. */
export const declarationsIn = (module: object): readonly Declaration[] =>
  Object.values(module)
    .flat()
    .filter((value): value is Declaration => typeof value === 'object' && value !== null && 'act' in value)

/** Summaries of groups of commands. The key is the first word of the commands, e.g. `db` of `db import`. */
export const groups: Readonly<Record<string, string>> = {
  db: 'manage the results database',
  token: 'manage tokens for the HTTP API',
}
