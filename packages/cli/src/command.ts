import type { OptionSet, OptionsOf } from './options/option.ts'
import type { Shell } from './shell.ts'

/** How an argument is written: `<spec>`, or `[sweep]` where it may be left out. */
type Argument = `<${string}>` | `[${string}]`

type Given<A extends readonly Argument[]> = {
  readonly [I in keyof A]: A[I] extends `[${string}]` ? string | undefined : string
}

/** The exit code; nothing stands for 0. */
type Exit = Promise<number | undefined> | Promise<void>

/** All that is known of a command without the code that does its work. */
export interface Declaration {
  /** One word, or two where the first is that of a group. */
  readonly name: string
  readonly arguments: readonly string[]
  readonly summary: string
  readonly options: OptionSet
  /** What its help shows, without the program's name. */
  readonly examples: readonly string[]
  /** Kinds of the documents that `--json` prints; none where it has no such option. */
  readonly kinds: readonly string[]
  /** Said at once on a terminal, before the code is loaded, which takes a moment. */
  readonly begins?: (...given: string[]) => string
  act(shell: Shell, ...given: readonly unknown[]): Exit
}

/**
 * Declares a command. Its file is read for help and for errors, which are to be instant: what is heavy is imported in
 * `act`, when the command is called.
 */
export const command = <const A extends readonly Argument[], S extends OptionSet>(
  declared: Omit<Declaration, 'arguments' | 'options' | 'act'> & {
    readonly arguments: A
    readonly options: S
    readonly act: (shell: Shell, ...given: [...Given<A>, OptionsOf<S>]) => Exit
  },
): Declaration => declared as unknown as Declaration
