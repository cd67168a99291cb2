/**
 * The kinds of ending of a failure: the exit code of a command, the HTTP status of a request, and whether repeating the
 * same call may succeed although nothing was changed. These numbers are defined here and nowhere else.
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

/** An entry of a package's error table. */
export interface ErrorEntry {
  readonly ends: Ending
  /** The hint of the error (what the user can do), unless the place that throws gives a more specific one. */
  readonly hint?: string
  /** Overrides `retryable` of the kind of ending. */
  readonly retryable?: boolean
}

export interface CodedErrorOptions {
  readonly hint?: string | null | undefined
  readonly cause?: unknown
}

/** The fields that every error of the farm has. */
export interface CodedError<Code extends string> extends Error {
  readonly code: Code
  /** What the user can do about it; null where there is no hint. */
  readonly hint: string | null
  readonly exit: number
  readonly status: number
  readonly retryable: boolean
}

/** Makes a class of errors whose codes are the keys of the table. */
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

/** An error table in which every code has the same kind of ending. */
export const allEnding = <Code extends string>(
  ends: Ending,
  codes: Readonly<Record<Code, unknown>>,
): Readonly<Record<Code, ErrorEntry>> =>
  Object.fromEntries(Object.keys(codes).map((code) => [code, { ends }])) as Record<Code, ErrorEntry>
