import { DriftfarmError, type Ending } from './codedError.ts'

/** What can be done about a server that does not answer. */
export const serverHint =
  'Check that the server runs and that its address (DATABASE_URL, or an access file) is right, then run again.'

/** What a process says of itself while the database has no room left. */
export const fullWords = 'the database has no room left on its disk'

/** Errors of PostgreSQL, Node, Prisma and undici that have one meaning. */
interface Kind {
  /** Their codes, whole. */
  readonly codes?: RegExp
  /** Words by which an error is known that has no code. */
  readonly words?: RegExp
  /** Replaces the code. */
  readonly as?: string
  /** Replaces the message. */
  readonly says?: string
  readonly ends: Ending
  readonly hint: string
  readonly retryable?: boolean
  /** full: nothing took effect, and it may last a day. conflict: nothing took effect, and it passes at once. */
  readonly is?: 'full' | 'conflict'
}

/** The first kind that fits is taken. */
const kinds: readonly Kind[] = [
  {
    codes: /53100|ENOSPC|DATABASE_FULL/,
    words: /no space left on device/i,
    as: 'DATABASE_FULL',
    says: fullWords,
    ends: 'unreachable',
    hint: 'Make room on the disk of the database: what is computed waits, and is stored by itself.',
    is: 'full',
  },
  {
    // Serialization failure, deadlock, lock not available, Prisma's write conflict.
    codes: /40001|40P01|55P03|P2034/,
    ends: 'unreachable',
    hint: 'Somebody else was changing the same data; run again.',
    is: 'conflict',
  },
  {
    codes: /28\w{3}|3D000/,
    ends: 'unreachable',
    retryable: false,
    hint: 'Compare login, password and the name of the database in its address.',
  },
  { codes: /42501/, ends: 'notAuthorised', hint: 'The login may not do this: use the one of the farm’s operator.' },
  {
    codes: /25006/,
    ends: 'unreachable',
    retryable: false,
    hint: 'The address leads to a copy of the database that may only be read: use that of the primary server.',
  },
  {
    codes: new RegExp(
      [
        '53\\w{3}', // too many connections, out of memory
        '57P0\\d', // the server shuts down, has crashed, or is starting
        '57014', // statement timeout: a table was locked for long, or the server is slow
        '25P03', // idle in transaction for too long: this process was frozen
        '08\\w{3}', // the connection broke
        'P1001|P1017|P2024|P2028', // Prisma: unreachable, closed, no connection in time, transaction failed
        'ECONNREFUSED|ECONNRESET|ECONNABORTED|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH',
        'UND_ERR_\\w+', // undici: time limits and broken connections of requests over HTTP
      ].join('|'),
    ),
    ends: 'unreachable',
    hint: serverHint,
  },
  {
    // Words of the drivers, which give these no code.
    words:
      /terminated unexpectedly|Connection terminated|connection timeout|timeout expired|timeout exceeded when trying to connect|Query read timeout|client has encountered a connection error|^terminated$|^fetch failed$|other side closed/i,
    as: 'UNREACHABLE',
    ends: 'unreachable',
    hint: serverHint,
  },
]

/** What an error of a library means; undefined where nothing is known of it. */
export function kindOf(error: unknown): Kind | undefined {
  const { code, message = '' } = (error ?? {}) as { readonly code?: unknown; readonly message?: string }
  return kinds.find(
    ({ codes, words }) =>
      (typeof code === 'string' && codes !== undefined && new RegExp(`^(${codes.source})$`).test(code)) ||
      words?.test(message) === true,
  )
}

/**
 * The error as one of ours. Those of libraries keep their code and message, unless the table above says it better, and
 * are the `cause`.
 */
export function driftfarmError(error: unknown): DriftfarmError {
  if (error instanceof DriftfarmError) return error
  if (!(error instanceof Error)) return new DriftfarmError('UNEXPECTED', String(error), { ends: 'unexpected' })
  const { code: own } = error as Error & { readonly code?: unknown }
  const code = typeof own === 'string' ? own : 'UNEXPECTED'
  const kind = kindOf(error)
  if (kind === undefined)
    return new DriftfarmError(code, error.message || code, { ends: 'unexpected' }, { cause: error })
  const { as = code, says, ends, retryable, hint } = kind
  const message = says ?? (as === 'UNREACHABLE' ? `The connection broke: ${error.message}` : error.message || code)
  return new DriftfarmError(
    as,
    message,
    { ends, ...(retryable === undefined ? {} : { retryable }) },
    { hint, cause: error },
  )
}
