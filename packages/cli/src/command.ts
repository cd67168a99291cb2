import type { DescribedOption, OptionSet, OptionsOf } from './options/option.ts'
import { json } from './options/shared.ts'
import type { Shell } from './shell.ts'

/**
 * How an argument is written: `<spec>` if it is required, `[sweep]` if it is optional. As the last argument,
 * `<file...>` stands for one or more values.
 */
type Argument = `<${string}>` | `[${string}]`

type Given<A extends readonly Argument[]> = {
  readonly [I in keyof A]: A[I] extends `[${string}]`
    ? string | undefined
    : A[I] extends `<${string}...>`
      ? readonly string[]
      : string
}

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
  /** Name of the command that precedes this one in the help; null for the first. */
  readonly after: string | null
  readonly options: OptionSet
  act(shell: Shell, ...given: readonly unknown[]): Exit
}

interface Declared<A extends readonly Argument[], S extends OptionSet>
  extends Pick<Declaration, 'name' | 'after' | 'summary' | 'examples' | 'begins'> {
  readonly arguments?: A
  /** Without `json`, which every command has that prints documents. */
  readonly options?: S
  readonly kinds?: readonly string[]
  act(shell: Shell, ...given: [...Given<A>, OptionsOf<S>]): Exit
}

/** Declares a command. A file of `commands/` exports one, or several that belong together. */
export function command<const A extends readonly Argument[] = [], S extends OptionSet = Record<never, never>>({
  kinds = [],
  options,
  ...declared
}: Declared<A, S>): Declaration {
  return {
    ...({ arguments: [], ...declared } as unknown as Omit<Declaration, 'kinds' | 'options'>),
    kinds,
    options: { ...options, ...(kinds.length > 0 ? { json } : {}) },
  }
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
