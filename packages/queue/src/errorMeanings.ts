import type { Meanings } from '@driftfarm/formula'
import type { QueueError } from './error.ts'

/** What the codes of the queue mean to whoever runs a farm. The queue is a hint: no result is lost with it. */
export const queueMeanings = {
  QUEUE_UNREACHABLE: { means: 'Redis, or the queue on PostgreSQL, does not answer.' },
  QUEUE_NOT_MIGRATED: { means: 'The tables of the queue on PostgreSQL are not there, or are of an older version.' },
  QUEUE_VERSION: { means: 'The queue is of a newer version than this Drift Farm, or its server is too old.' },
  QUEUE_POOLED: { means: 'The queue is on PostgreSQL, and DATABASE_URL leads through a pooler, which it cannot use.' },
  QUEUE_FULL: { means: 'The server of the queue has no room left.' },
  REDIS_URL: { means: 'REDIS_URL is not an address of a Redis.' },
  REDIS_LOGIN: { means: 'Redis refuses the login, or asks for one that REDIS_URL does not have.' },
  REDIS_EVICTION: { means: 'Redis is set to drop keys when its memory is full, and would drop work with them.' },
  JOB: { means: 'The queue holds something that is no job of Drift Farm. Another program may use the same Redis.' },
} satisfies Meanings<typeof QueueError>
