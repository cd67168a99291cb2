/**
 * How a failure ends: the exit code of a command and the HTTP status of a request that meet it, and whether the same
 * may succeed without changing anything. No other place knows these numbers.
 */
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

/** What a package's table says of one of its errors. */
export interface ErrorEntry {
  readonly ends: Ending
  /** The way out, unless the place that throws knows a better one. */
  readonly hint?: string
  /** Where it differs from its kind of ending. */
  readonly retryable?: boolean
}

export interface CodedErrorOptions {
  readonly hint?: string | null | undefined
  readonly cause?: unknown
}

/** What every error of the farm knows. */
export interface CodedError<Code extends string> extends Error {
  readonly code: Code
  /** The way out; null where nobody knows one. */
  readonly hint: string | null
  readonly exit: number
  readonly status: number
  readonly retryable: boolean
}

/** A class of errors with the codes of a table. */
export function codedError<const Code extends string>(
  table: Readonly<Record<Code, ErrorEntry>>,
): new (
  code: Code,
  message: string,
  options?: CodedErrorOptions,
) => CodedError<Code> {
  return class extends Error {
    readonly code: Code
    readonly hint: string | null
    readonly exit: number
    readonly status: number
    readonly retryable: boolean

    constructor(code: Code, message: string, { hint, cause }: CodedErrorOptions = {}) {
      super(message, cause === undefined ? undefined : { cause })
      const entry = table[code]
      const { exit, status, retryable } = endings[entry.ends]
      this.code = code
      this.hint = hint ?? entry.hint ?? null
      this.exit = exit
      this.status = status
      this.retryable = entry.retryable ?? retryable
    }
  }
}

/** The table of codes that all end alike. */
export const allEnding = <Code extends string>(
  ends: Ending,
  codes: Readonly<Record<Code, unknown>>,
): Readonly<Record<Code, ErrorEntry>> =>
  Object.fromEntries(Object.keys(codes).map((code) => [code, { ends }])) as Record<Code, ErrorEntry>
