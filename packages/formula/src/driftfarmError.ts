import { DriftfarmError, type Ending, type Facts } from './codedError.ts'

/** The hint for errors of a server that does not answer. */
export const serverHint =
  'Check that the server is running and that its address (DATABASE_URL, or an access file) is correct. ' +
  'Then run the command again.'

/** The message shown while the database has no room left. */
export const fullWords = 'the database has no room left on its disk'

/** A table row. It covers errors of PostgreSQL, Node, Prisma, fetch, Redis or BullMQ that have the same meaning. */
interface Kind {
  /** Matches the complete code of an error. */
  readonly codes?: RegExp
  /** Matches the message of an error that has no code, or a code with several meanings. */
  readonly words?: RegExp
  /** Replaces the code of the error. */
  readonly as?: string
  /** Replaces the message of the error. */
  readonly says?: string
  readonly ends: Ending
  readonly hint: string
  readonly retryable?: boolean
  /**
   * The class of the failure, set if callers handle it differently from others:
   *  - full: nothing took effect, and the disk or memory may stay full for a day.
   *  - conflict: nothing took effect, and an immediate retry may succeed.
   *  - tls: no encrypted connection to a trusted server is possible.
   */
  readonly is?: 'full' | 'conflict' | 'tls'
}

/** No other code interprets errors of PostgreSQL, Redis or the libraries. The first row that matches applies. */
const table: readonly (Omit<Kind, 'ends'> & Partial<Pick<Kind, 'ends'>>)[] = [
  { codes: /ENOSPC/, hint: 'Free some space on the disk of this machine, then run again.', is: 'full' },
  {
    codes: /53100|DATABASE_FULL/,
    words: /no space left on device/i,
    as: 'DATABASE_FULL',
    says: fullWords,
    hint: 'Free some space on the disk of the database. Workers hold their results and store them once there is room.',
    is: 'full',
  },
  {
    words: /^MISCONF |^OOM |OOM command not allowed/,
    as: 'QUEUE_FULL',
    says: 'Redis has no memory left, or cannot write to its disk',
    hint: 'Give the queue’s server a larger disk or, if it is Redis, more memory (maxmemory). Work then continues.',
    is: 'full',
  },
  {
    // Serialization failure, deadlock, lock not available, Prisma's write conflict.
    codes: /40001|40P01|55P03|P2034/,
    hint: 'Another process was changing the same data. Run again.',
    is: 'conflict',
  },
  {
    codes: /28\w{3}|3D000|57P04/,
    retryable: false,
    hint:
      'Check the login, the password and the database name. If your login came from `driftfarm access` and was ' +
      'revoked, ask the operator for a new access file.',
  },
  {
    words: /^(NOAUTH|WRONGPASS|DENIED|NOPERM) /,
    as: 'REDIS_LOGIN',
    retryable: false,
    hint:
      'Give REDIS_URL a login that may run all commands, as in redis://:password@host:6379. If Redis has no ' +
      'password, set one with requirepass; otherwise Redis serves only its own machine (protected-mode).',
  },
  {
    codes: /DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_\w+|ERR_(TLS|SSL|OSSL)_\w+/,
    words: /does not support SSL/,
    retryable: false,
    hint:
      'The server must offer TLS with a certificate for the host name in its address. For a database, the ' +
      'certificate must be signed by the authority in sslrootcert (`ca` of an access file).',
    is: 'tls',
  },
  {
    codes: /42501/,
    ends: 'notAuthorised',
    hint: 'This login lacks the required permission. Use the login of the farm’s operator.',
  },
  {
    codes: /25006/,
    words: /^READONLY /,
    says: 'the server is a read-only replica, or the login may only read',
    retryable: false,
    hint: 'Use the address of the primary server and a login that may write.',
  },
  {
    words: /"bullmq" is not initialized|schema "bullmq" does not exist|relation "(bullmq\.)?migration" does not exist/,
    as: 'QUEUE_NOT_MIGRATED',
    says: 'the database does not have the tables of the queue',
    hint: 'Ask the operator of the farm to run `driftfarm db migrate` once, then try again.',
  },
  {
    words: /^BullMQ: the PostgreSQL (schema|backend) requires/,
    as: 'QUEUE_VERSION',
    says: 'a newer driftfarm migrated the queue, or the PostgreSQL server is too old',
    ends: 'conflict',
    hint: 'Use the driftfarm version that migrated this queue, or a newer PostgreSQL server.',
  },
  {
    // The server has too many connections, is out of memory or is still starting, or it ended a statement or
    // transaction of this process because a time limit was reached.
    codes: /53[023]00|57P03|57014|25P0[34]/,
    words: /^(LOADING|BUSY|MASTERDOWN|NOREPLICAS|CLUSTERDOWN|TRYAGAIN) /,
    hint: 'The server is starting or overloaded, or another process holds a lock. Run again in a moment.',
  },
  {
    codes: new RegExp(
      [
        '57P0\\d', // the server is shutting down or has crashed
        '08\\w{3}', // the connection broke
        'ECONNREFUSED|ECONNRESET|ECONNABORTED|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH',
      ].join('|'),
    ),
    hint: serverHint,
  },
  {
    // Errors of Prisma (server unreachable or silent, connection closed, no connection in time, transaction failed) and
    // of pg, fetch and ioredis.
    codes: /UNREACHABLE|P1001|P1008|P1017|P2024|P2028|UND_ERR_(SOCKET|\w+_TIMEOUT|RES_CONTENT_LENGTH_MISMATCH)/,
    words: new RegExp(
      [
        'terminated unexpectedly|Connection terminated|connection timeout|timeout expired|Query read timeout',
        'timeout exceeded when trying to connect|client has encountered a connection error',
        'is not currently accepting connections', // from PostgreSQL, with a code that has other meanings too
        '^terminated$|^fetch failed$|other side closed',
        'max retries per request|^Connection is closed|^Socket timeout|^Command timed out',
      ].join('|'),
      'i',
    ),
    as: 'UNREACHABLE',
    says: 'the connection was refused or broken, or no answer came in time',
    hint: serverHint,
  },
]
const kinds: readonly Kind[] = table.map(({ codes, ...row }) => ({
  ends: 'unreachable',
  ...(codes === undefined ? {} : { codes: new RegExp(`^(${codes.source})$`) }),
  ...row,
}))

/**
 * Matches the text that libraries add to a server's message: lines of our source code (Prisma), the position in a
 * script of BullMQ (Redis), or error codes (OpenSSL).
 */
const wrapping = /^\s*Invalid `.*\n| script: \w+, on @user_script:\d+\.?$|^\w+:error:\w+:[^:]*:[^:]*:([^:]*):.*$/s

/** Returns the server's code and message, even if the driver or Prisma replaced them. */
function codeAndMessageOf(error: unknown): { readonly code: string | null; readonly message: string } {
  const {
    code,
    message = '',
    meta,
  } = (error ?? {}) as Partial<Error> & {
    readonly code?: unknown
    readonly meta?: { driverAdapterError?: { cause?: { originalCode?: string; originalMessage?: string } } }
  }
  const { originalCode = code, originalMessage } = meta?.driverAdapterError?.cause ?? {}
  // If several addresses were tried, the error is an AggregateError without a message of its own.
  const own =
    error instanceof AggregateError ? error.errors.map((each) => codeAndMessageOf(each).message).join('; ') : message
  return {
    code: typeof originalCode === 'string' ? originalCode : null,
    message: originalMessage ?? own.replace(wrapping, '$1'),
  }
}

/** The row of the table for an error of a library; undefined if no row matches. */
export function kindOf(error: unknown): Kind | undefined {
  const { code, message } = codeAndMessageOf(error)
  // Messages of our own errors are not matched, because they may quote the message of another error.
  const isOurs = error instanceof DriftfarmError
  return kinds.find(
    ({ codes, words }) => (code !== null && codes?.test(code) === true) || (!isOurs && words?.test(message) === true),
  )
}

/** Returns the entry for an error code, which must be the `as` of a row of the table above. */
export function entryOf(as: string): Facts & { readonly hint: string } {
  const { ends, hint, retryable } = kinds.find((kind) => kind.as === as)!
  return { ends, hint, ...(retryable === undefined ? {} : { retryable }) }
}

/**
 * The error as a DriftfarmError. An error of a library becomes its `cause`, and the code and message are copied unless
 * the table above replaces them.
 */
export function driftfarmError(error: unknown): DriftfarmError {
  if (error instanceof DriftfarmError) return error
  if (!(error instanceof Error)) return new DriftfarmError('UNEXPECTED', String(error), { ends: 'unexpected' })
  const { code, message } = codeAndMessageOf(error)
  const kind = kindOf(error)
  const as = kind?.as ?? code ?? (kind === undefined ? 'UNEXPECTED' : 'UNREACHABLE')
  const { says = message || as, ends = 'unexpected', hint, retryable } = kind ?? {}
  return new DriftfarmError(as, says, { ends }, { hint, retryable, cause: error })
}
