/** What may be wrong, with the exit code of the command that meets it and the way out (7: unreachable, try again). */
const table = {
  QUEUE_UNREACHABLE: {
    exit: 7,
    hint: 'Check that the server runs and that the URL is right; work goes on once it answers.',
  },
  QUEUE_NOT_MIGRATED: { exit: 7, hint: 'Run `driftfarm db migrate`; other processes wait until it is done.' },
  QUEUE_VERSION: { exit: 6, hint: 'Use the driftfarm that migrated this queue, or a newer server.' },
  QUEUE_FULL: { exit: 7, hint: 'Give Redis more memory (maxmemory); batches are fed again by themselves.' },
  REDIS_URL: {
    exit: 2,
    hint: 'Expected redis://user:password@host:6379/0 or rediss://...; leave REDIS_URL unset to queue on PostgreSQL.',
  },
  REDIS_EVICTION: {
    exit: 7,
    hint: 'Run `redis-cli CONFIG SET maxmemory-policy noeviction` and put the line into redis.conf, so that no batch is dropped silently.',
  },
  JOB: {
    exit: 1,
    hint: 'A job is a cell id, a first trial, a count and a generation, the latter three being integers.',
  },
} as const

export type QueueErrorCode = keyof typeof table

/** An error of this package: what happened with the value, and the way out. */
export class QueueError extends Error {
  override readonly name = 'QueueError'
  readonly code: QueueErrorCode
  readonly hint: string
  readonly exit: number
  /** Worth trying again without changing anything. */
  readonly retryable: boolean

  constructor(code: QueueErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = table[code].hint
    this.exit = table[code].exit
    this.retryable = code === 'QUEUE_UNREACHABLE' || code === 'QUEUE_NOT_MIGRATED' || code === 'QUEUE_FULL'
  }
}

export const messageOf = (error: unknown): string =>
  error instanceof AggregateError && error.message === ''
    ? error.errors.map(messageOf).join('; ')
    : error instanceof Error
      ? error.message
      : String(error)

/** Whatever a backend threw, as one of ours. */
export function asQueueError(error: unknown, doing: string): QueueError {
  if (error instanceof QueueError) return error
  const name = error instanceof Error ? error.name : ''
  const message = messageOf(error)
  const code: QueueErrorCode =
    name === 'SchemaMigrationRequiredError' ||
    /schema ".*" does not exist|relation ".*migration" does not exist/.test(message)
      ? 'QUEUE_NOT_MIGRATED'
      : name === 'SchemaVersionMismatchError' || name === 'UnsupportedPostgresVersionError'
        ? 'QUEUE_VERSION'
        : /^OOM |OOM command not allowed/.test(message)
          ? 'QUEUE_FULL'
          : 'QUEUE_UNREACHABLE'
  return new QueueError(code, `${doing}: ${message}`, { cause: error })
}
