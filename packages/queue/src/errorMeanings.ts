import type { Meanings } from '@driftfarm/formula'
import type { QueueError } from './error.ts'

/**
 * Meanings of the error codes of the queue, for operators of a farm. If the queue is lost, no result is lost with it.
 */
export const queueMeanings = {
  QUEUE_UNREACHABLE: { means: 'The server of the queue (Redis or PostgreSQL) does not respond.' },
  QUEUE_NOT_MIGRATED: { means: 'The tables of the queue on PostgreSQL are missing or have an older version.' },
  QUEUE_VERSION: { means: 'A newer version of Drift Farm created the queue, or the server of the queue is too old.' },
  QUEUE_POOLED: {
    means: 'A queue on PostgreSQL needs a direct connection, but DATABASE_URL leads to a connection pooler.',
  },
  QUEUE_FULL: { means: 'The server of the queue has no space left.' },
  REDIS_URL: { means: 'REDIS_URL is not the URL of a Redis server.' },
  REDIS_LOGIN: { means: 'Redis rejects the login, or requires a login that REDIS_URL does not contain.' },
  REDIS_EVICTION: {
    means: 'Redis is configured to evict keys when its memory is full, which would drop work silently.',
  },
  JOB: {
    means: 'The queue holds an entry that is not a job of Drift Farm. Another program may be using the same Redis.',
  },
} satisfies Meanings<typeof QueueError>
