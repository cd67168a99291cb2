import { isFull } from '@driftfarm/database'
import { codedError } from '@driftfarm/formula'

/** Each error with how a command ends and what the user can do. */
const table = {
  QUEUE_UNREACHABLE: {
    ends: 'unreachable',
    hint: 'Check that the server runs and that the URL is right; work goes on once it answers.',
  },
  QUEUE_NOT_MIGRATED: {
    ends: 'unreachable',
    hint: 'With the DATABASE_URL of the operator, run `driftfarm db migrate` once, then try again.',
  },
  QUEUE_VERSION: { ends: 'conflict', hint: 'Use the driftfarm that migrated this queue, or a newer server.' },
  QUEUE_POOLED: {
    ends: 'usage',
    hint: 'Set REDIS_URL, so that the queue is on Redis, or DATABASE_URL to the address of the server itself.',
  },
  QUEUE_FULL: {
    ends: 'unreachable',
    hint: 'Give Redis more memory (maxmemory), or PostgreSQL a larger disk; batches are fed again by themselves.',
  },
  REDIS_URL: {
    ends: 'usage',
    hint: 'Expected redis://user:password@host:6379/0 or rediss://...; leave REDIS_URL unset to queue on PostgreSQL.',
  },
  REDIS_LOGIN: {
    ends: 'unreachable',
    hint:
      'Put the password into REDIS_URL: redis://:password@host:6379. A Redis without one answers its own machine ' +
      'alone (protected-mode): give it a password by requirepass.',
  },
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

export const messageOf = (error: unknown): string =>
  error instanceof AggregateError && error.message === ''
    ? error.errors.map(messageOf).join('; ')
    : error instanceof Error
      ? error.message
      : String(error)

/** Turns any error of a backend into a QueueError. */
export function asQueueError(error: unknown, doing: string): QueueError {
  if (error instanceof QueueError) return error
  const name = error instanceof Error ? error.name : ''
  const message = messageOf(error)
  if (
    name === 'SchemaMigrationRequiredError' ||
    /schema ".*" does not exist|relation ".*migration" does not exist/.test(message)
  )
    // BullMQ's own words name a parameter of its library.
    return new QueueError('QUEUE_NOT_MIGRATED', `${doing}: the database has not the tables of the queue`, {
      cause: error,
    })
  // The place is in the words of whoever asked; the library's speak of its own options.
  const words = /MaxRetriesPerRequest/.test(name) ? 'the connection is refused or broken' : message
  const code: QueueErrorCode =
    name === 'SchemaVersionMismatchError' || name === 'UnsupportedPostgresVersionError'
      ? 'QUEUE_VERSION'
      : isFull(error) || /^OOM |OOM command not allowed/.test(message)
        ? 'QUEUE_FULL'
        : /^(NOAUTH|WRONGPASS|DENIED) /.test(message)
          ? 'REDIS_LOGIN'
          : 'QUEUE_UNREACHABLE'
  return new QueueError(code, `${doing}: ${words}`, { cause: error })
}
