/** What the help says about an option. */
export interface DescribedOption {
  readonly help: string
  /** The name of the value in the help, such as `<n>`; null for a switch, which has no value. */
  readonly value: string | null
  readonly letter?: string
  /** Whether the option is written `--no-...`. */
  readonly negated?: true
  readonly required?: true
  readonly choices?: readonly string[]
  readonly initial?: unknown
}

/**
 * An option of a command. `T` is the type of the value that the command gets, including undefined if the option may be
 * left out.
 */
export interface Option<T> extends DescribedOption {
  readonly initial?: T
  /**
   * Parses a value. If the option is given repeatedly, `before` is the result so far; at first, it is `initial`. Throws
   * an InvalidArgumentError if the value is not valid.
   */
  read(text: string, before: T): T
}

/** The option `timeLimit` is written `--time-limit` on the command line. */
export type OptionSet = Readonly<Record<string, Option<unknown>>>

type ValueOf<O> = O extends Option<infer T> ? T : never

/** The values of options. Every command that prints documents also has the option `json`. */
export type OptionsOf<S extends OptionSet> = {
  readonly [K in keyof S as undefined extends ValueOf<S[K]> ? never : K]: ValueOf<S[K]>
} & { readonly [K in keyof S as undefined extends ValueOf<S[K]> ? K : never]?: Exclude<ValueOf<S[K]>, undefined> } & {
  readonly json?: true
}

type Maybe<T> = Option<T | undefined>

export const flag = (help: string): Maybe<true> => ({ help, value: null, read: () => true })

/** An option `--no-...`. Its value is true unless the user gives the option. */
export const negated = (help: string): Option<boolean> => ({ help, value: null, negated: true, read: () => false })

export const valued = <T>(value: string, help: string, read: (text: string) => T): Maybe<T> => ({ help, value, read })

export const text = (value: string, help: string): Maybe<string> => valued(value, help, (given) => given)

export const repeated = <T>(value: string, help: string, read: (text: string) => T): Option<readonly T[]> => ({
  help,
  value,
  initial: [],
  read: (given, before) => [...before, read(given)],
})

export const choice = <const T extends string>(value: string, help: string, choices: readonly T[]): Maybe<T> => ({
  help,
  value,
  choices,
  read: (given) => given as T,
})

export const withDefault = <T>(option: Maybe<T>, initial: T): Option<T> => ({ ...(option as Option<T>), initial })

export const required = <T>(option: Maybe<T>): Option<T> => ({ ...(option as Option<T>), required: true })

/** How an option is written, such as `-o, --output <file>`. */
export function flagsOf(name: string, { letter, negated, value }: DescribedOption): string {
  const short = letter === undefined ? '' : `-${letter}, `
  const long = name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)
  return `${short}--${negated ? 'no-' : ''}${long}${value === null ? '' : ` ${value}`}`
}
