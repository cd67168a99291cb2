/** The kinds of failure, each with an exit code and an HTTP status. */
export const endings = {
  unexpected: { exit: 1, status: 500, retryable: false },
  usage: { exit: 2, status: 400, retryable: false },
  incomplete: { exit: 3, status: 422, retryable: false },
  notAuthorised: { exit: 4, status: 401, retryable: false },
  notFound: { exit: 5, status: 404, retryable: false },
  conflict: { exit: 6, status: 409, retryable: false },
  unreachable: { exit: 7, status: 503, retryable: true },
  timedOut: { exit: 8, status: 504, retryable: false },
  cancelled: { exit: 9, status: 410, retryable: false },
} as const

export type Ending = keyof typeof endings

/** What an error code says to programs. */
export interface Facts {
  readonly ends: Ending
  /** Overrides the HTTP status of the kind of failure with a more specific one. */
  readonly status?: number
  /** Overrides `retryable` of the kind of failure. */
  readonly retryable?: boolean
}

/** An entry of a package's error table. `means` and `fix` are for the error reference; commands do not show them. */
export type ErrorEntry = Partial<Facts> & {
  readonly means: string
  /** What the user can do. The code that throws the error may give a more specific hint. */
  readonly hint?: string
  /** How to fix the error. It may be left out if the hint covers all cases. */
  readonly fix?: string
} & ({ readonly hint: string } | { readonly fix: string })

export interface CodedErrorOptions {
  readonly hint?: string | null | undefined
  /** Overrides `retryable` of the entry for the code in the error table. */
  readonly retryable?: boolean | undefined
  readonly cause?: unknown
}

/** The base class of all errors that the farm throws. `code` is stable and public; messages are for people. */
export class DriftfarmError<Code extends string = string> extends Error {
  override readonly name: string = 'DriftfarmError'
  readonly code: Code
  /** What the user can do; null if there is no hint. */
  readonly hint: string | null
  /** The dotted path, in the spec, to the wrong value; null if the error does not concern a spec. */
  readonly path: string | null = null
  /** The exit code of a command that ends with this error. */
  readonly exit: number
  /** The HTTP status of a request that ends with this error. */
  readonly status: number
  /** Whether the same call may succeed later without any change by the caller. */
  readonly retryable: boolean

  constructor(
    code: Code,
    message: string,
    { ends, status, retryable }: Facts,
    { hint, retryable: own, cause }: CodedErrorOptions = {},
  ) {
    super(message, cause === undefined ? undefined : { cause })
    const ending = endings[ends]
    this.code = code
    this.hint = hint ?? null
    this.exit = ending.exit
    this.status = status ?? ending.status
    this.retryable = own ?? retryable ?? ending.retryable
  }
}

/** A class of errors, with the table of its codes. */
export interface CodedErrors<Code extends string> {
  new (code: Code, message: string, options?: CodedErrorOptions): DriftfarmError<Code>
  readonly table: Readonly<Record<Code, ErrorEntry & Facts>>
}

/**
 * Makes a class of errors with this name. The codes are the keys of the table. `ends` is the kind of failure of all
 * codes for which the table has none.
 */
export function codedError<Code extends string>(
  name: string,
  entries: Readonly<Record<Code, ErrorEntry>>,
  ends: Ending = 'unexpected',
): CodedErrors<Code> {
  const table = Object.fromEntries(
    Object.entries<ErrorEntry>(entries).map(([code, entry]) => [code, { ends, ...entry }]),
  ) as Record<Code, ErrorEntry & Facts>
  return class extends DriftfarmError<Code> {
    static readonly table = table
    override readonly name = name

    constructor(code: Code, message: string, options: CodedErrorOptions = {}) {
      const entry = table[code]
      super(code, message, entry, { ...options, hint: options.hint ?? entry.hint })
    }
  }
}

/** Entries that the tables of commands and of farms share. */
export const sharedErrors = {
  USAGE: {
    ends: 'usage',
    means: 'A command or a call received a value that is not allowed, or options that cannot be combined.',
    fix: 'Correct the option that the message names. `driftfarm COMMAND --help` lists the options.',
  },
  NOT_FOUND: {
    ends: 'notFound',
    means: 'The named thing does not exist: a cell, an estimate, a landscape, an example, a file, or a database.',
    fix: 'Choose from the list in the message, or run the command that the message names.',
  },
  CONFLICT: {
    ends: 'conflict',
    means:
      'The request conflicts with something that exists: a port in use, a file, a running sweep, or a database that ' +
      'a newer version of Drift Farm migrated.',
    fix: 'Resolve the conflict that the message names, or change the request.',
  },
} as const
