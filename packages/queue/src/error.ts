import { codedError, type DriftfarmError, driftfarmError, endings, entryOf, serverHint } from '@driftfarm/formula'

const table = {
  QUEUE_UNREACHABLE: {
    ends: 'unreachable',
    hint:
      'Check that the server of the queue is running and that its URL is correct. Work resumes when the server ' +
      'responds.',
    means: 'The server of the queue (Redis or PostgreSQL) does not respond.',
  },
  QUEUE_NOT_MIGRATED: {
    ...entryOf('QUEUE_NOT_MIGRATED'),
    means: 'The tables of the queue on PostgreSQL are missing or have an older version.',
  },
  QUEUE_VERSION: {
    ...entryOf('QUEUE_VERSION'),
    means: 'A newer version of Drift Farm created the queue, or the server of the queue is too old.',
  },
  QUEUE_POOLED: {
    ends: 'usage',
    hint: 'Set REDIS_URL to put the queue on Redis, or set DATABASE_URL to the address of PostgreSQL itself.',
    means: 'A queue on PostgreSQL needs a direct connection, but DATABASE_URL leads to a connection pooler.',
  },
  QUEUE_FULL: {
    ...entryOf('QUEUE_FULL'),
    means: 'The server of the queue has no space left.',
  },
  REDIS_URL: {
    ends: 'usage',
    hint:
      'Set REDIS_URL to an address such as redis://user:password@host:6379/0 (with TLS, rediss://host:6379/0). To ' +
      'put the queue on PostgreSQL, unset REDIS_URL.',
    means: 'REDIS_URL is not the URL of a Redis server.',
  },
  REDIS_LOGIN: {
    ...entryOf('REDIS_LOGIN'),
    means: 'Redis rejects the login, or requires a login that REDIS_URL does not contain.',
  },
  REDIS_EVICTION: {
    ends: 'unreachable',
    retryable: false,
    hint:
      'Run `redis-cli CONFIG SET maxmemory-policy noeviction` and add `maxmemory-policy noeviction` to redis.conf, ' +
      'so that no batch is dropped silently.',
    means: 'Redis is configured to evict keys when its memory is full, which would drop work silently.',
  },
  JOB: {
    ends: 'unexpected',
    hint:
      'Give the farm a Redis database of its own, such as redis://host:6379/1. Another program writes to this ' +
      'queue.',
    means: 'The queue holds an entry that is not a job of Drift Farm. Another program may be using the same Redis.',
  },
} as const

type QueueErrorCode = keyof typeof table

export class QueueError extends codedError('QueueError', table) {}

/** Converts an error of a backend to a `QueueError`. Errors that do not concern the queue are returned as they are. */
export function asQueueError(error: unknown, doing: string): DriftfarmError {
  const known = driftfarmError(error)
  const { code, message, exit, retryable } = known
  const own =
    code === 'DATABASE_FULL' ? 'QUEUE_FULL' : exit === endings.unreachable.exit ? 'QUEUE_UNREACHABLE' : undefined
  const as = code in table ? (code as QueueErrorCode) : own
  if (known instanceof QueueError || as === undefined) return known
  // The hint for databases names DATABASE_URL, so it is replaced by the hint for queues.
  const hint = known.hint === serverHint ? undefined : known.hint
  return new QueueError(as, `${doing}: ${message}`, { hint, retryable, cause: error })
}
