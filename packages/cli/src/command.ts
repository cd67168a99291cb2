import type { OptionSet, OptionsOf } from './options/option.ts'
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

export interface Declaration {
  /** One word, or two if the first is the name of a group. */
  readonly name: string
  readonly arguments: readonly string[]
  readonly summary: string
  readonly options: OptionSet
  /** Examples in the help of the command, without the name of the program. */
  readonly examples: readonly string[]
  /** Kinds of the documents that `--json` prints; empty if the command does not have `--json`. */
  readonly kinds: readonly string[]
  /** Text shown at once on a terminal, while the code of the command is loading. */
  readonly begins?: (...given: string[]) => string
  act(shell: Shell, ...given: readonly unknown[]): Exit
}

/**
 * Declares a command. Help and error messages must appear at once, and both need the file that contains the
 * declaration. So `act` imports large modules only when the command is called.
 */
export const command = <const A extends readonly Argument[], S extends OptionSet>(
  declared: Omit<Declaration, 'arguments' | 'options' | 'act'> & {
    readonly arguments: A
    readonly options: S
    readonly act: (shell: Shell, ...given: [...Given<A>, OptionsOf<S>]) => Exit
  },
): Declaration => declared as unknown as Declaration
