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

/** An entry of a package's error table. */
export interface ErrorEntry {
  readonly ends: Ending
  /** What the user can do. The code that throws the error may give a more specific hint. */
  readonly hint?: string
  /** Overrides the HTTP status of the kind of failure with a more specific one. */
  readonly status?: number
  /** Overrides `retryable` of the kind of failure. */
  readonly retryable?: boolean
}

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
    { ends, status, retryable }: ErrorEntry,
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

type ErrorTable = Readonly<Record<string, ErrorEntry>>

/** A class of errors, with the table of its codes. */
export interface CodedErrors<Table extends ErrorTable> {
  new (code: keyof Table & string, message: string, options?: CodedErrorOptions): DriftfarmError<keyof Table & string>
  readonly table: Table
}

/** Makes a class of errors whose codes are the keys of the table. */
export function codedError<const Table extends ErrorTable>(table: Table): CodedErrors<Table> {
  return class extends DriftfarmError<keyof Table & string> {
    static readonly table = table

    constructor(code: keyof Table & string, message: string, options: CodedErrorOptions = {}) {
      const entry = table[code]!
      super(code, message, entry, { ...options, hint: options.hint ?? entry.hint })
    }
  }
}

/** The text about an error code in the error reference. Commands do not show this text. */
export interface Meaning {
  readonly means: string
  /** How to fix the error; absent if the hint of the error table covers all cases. */
  readonly hint?: string
}

/** The meaning of each code of a class of errors, and how to fix the error. */
export type Meanings<Errors extends { readonly table: ErrorTable }> = {
  readonly [Code in keyof Errors['table']]: Errors['table'][Code] extends { readonly hint: string }
    ? Meaning
    : Required<Meaning>
}

/** Makes an error table that gives every code the same kind of failure. */
export const sameEnding = <Code extends string>(
  ends: Ending,
  codes: Readonly<Record<Code, unknown>>,
): Readonly<Record<Code, ErrorEntry>> =>
  Object.fromEntries(Object.keys(codes).map((code) => [code, { ends }])) as Record<Code, ErrorEntry>
