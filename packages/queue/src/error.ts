import { codedError, type DriftfarmError, driftfarmError, endings, entryOf, serverHint } from '@driftfarm/formula'

/** Each error with how a command ends and what the user can do. */
const table = {
  QUEUE_UNREACHABLE: {
    ends: 'unreachable',
    hint: 'Check that the server of the queue runs and that its URL is right. Work continues once it answers.',
  },
  QUEUE_NOT_MIGRATED: entryOf('QUEUE_NOT_MIGRATED'),
  QUEUE_VERSION: entryOf('QUEUE_VERSION'),
  QUEUE_POOLED: {
    ends: 'usage',
    hint: 'Set REDIS_URL, so that the queue is on Redis, or DATABASE_URL to the address of the server itself.',
  },
  QUEUE_FULL: entryOf('QUEUE_FULL'),
  REDIS_URL: {
    ends: 'usage',
    hint: 'Expected redis://user:password@host:6379/0 or rediss://...; leave REDIS_URL unset to queue on PostgreSQL.',
  },
  REDIS_LOGIN: entryOf('REDIS_LOGIN'),
  REDIS_EVICTION: {
    ends: 'unreachable',
    retryable: false,
    hint:
      'Run `redis-cli CONFIG SET maxmemory-policy noeviction` and put the line into redis.conf, so that no ' +
      'batch is dropped silently.',
  },
  JOB: {
    ends: 'unexpected',
    hint: 'Something else writes into this queue: give the farm a database of its own, such as redis://host:6379/1.',
  },
} as const

export type QueueErrorCode = keyof typeof table

/** An error of this package. Its message tells what happened, with the value; its hint what to do. */
export class QueueError extends codedError(table) {
  override readonly name = 'QueueError'
}

/** An error of a backend as one of the queue. Those that say nothing about the queue keep their meaning. */
export function asQueueError(error: unknown, doing: string): DriftfarmError {
  const known = driftfarmError(error)
  const { code, message, exit, retryable } = known
  const own =
    code === 'DATABASE_FULL' ? 'QUEUE_FULL' : exit === endings.unreachable.exit ? 'QUEUE_UNREACHABLE' : undefined
  const as = code in table ? (code as QueueErrorCode) : own
  if (known instanceof QueueError || as === undefined) return known
  // The hint for databases names DATABASE_URL.
  const hint = known.hint === serverHint ? undefined : known.hint
  return new QueueError(as, `${doing}: ${message}`, { hint, retryable, cause: error })
}
