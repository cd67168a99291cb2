import type { WatchedPool } from '@driftfarm/database'
import { settlesWithin } from './bounded.ts'
import { type Consumer, type ConsumerOptions, createConsumer, type Handler } from './consumer.ts'
import { postgresBackend } from './postgres.ts'
import { createProducer, type Producer } from './producer.ts'
import { redisBackend } from './redis.ts'
import { type QueueLimits, settings } from './settings.ts'

export interface QueueFactoryOptions {
  /** URL of the Redis server for the queue. Without a URL, BullMQ queues the jobs on PostgreSQL. */
  readonly redisUrl?: string | undefined
  readonly databaseUrl: string
  /**
   * Each kernel version has a queue of its own, so that a worker of another version never gets a job that it must
   * refuse.
   */
  readonly kernelVersion: number
  /**
   * Maximum number of connections that the producer and all consumers share. A smaller number than 2 counts as 2. Only
   * a queue on PostgreSQL has this limit.
   */
  readonly connections?: number | undefined
  /** Called with warnings about the server. */
  readonly onNotice?: (line: string) => void
  /** Limits that replace the defaults in `settings`. */
  readonly limits?: Partial<QueueLimits>
}

export type QueueFactory = ReturnType<typeof createQueueFactory>

/**
 * Creates the producer and consumers of one queue. On Redis, a producer opens 1 connection. A consumer opens 2
 * connections: one for commands, and one that waits for jobs. On PostgreSQL, producer and consumers together open at
 * most `connections` connections. If a connection does not respond, one more may be opened briefly to ask the server
 * about it. `check` opens a connection and closes it; `migrate` does so too, unless the tables are current.
 */
export function createQueueFactory(options: QueueFactoryOptions) {
  const { redisUrl, databaseUrl, kernelVersion, onNotice, connections = settings.connections } = options
  const limits: QueueLimits = { ...settings, ...options.limits }
  const backend =
    redisUrl === undefined || redisUrl === ''
      ? postgresBackend(databaseUrl, Math.max(settings.minConnections, connections), limits)
      : redisBackend(redisUrl, limits)
  const nameOf = (kernel: number): string => `driftfarm-bundles-${kernel}`
  const producers = new Map<number, Producer>()
  const producerOf = (kernel: number): Producer => {
    const known = producers.get(kernel) ?? createProducer(backend, nameOf(kernel), limits)
    producers.set(kernel, known)
    return known
  }
  const consumers = new Set<Consumer>()
  return {
    kind: backend.kind,
    /**
     * Identifies the queue, for display and comparison: `redis://host:port/database`, without secrets, or `postgres`.
     */
    place: backend.place,
    /** The connection pool of a queue on PostgreSQL. Other code may use it for short statements. Null on Redis. */
    get pool(): WatchedPool | null {
      return backend.pool()
    },
    /**
     * Returns the producer for the queue of kernel version `kernel`, by default `kernelVersion`. A queue has only one
     * producer.
     */
    producer: (kernel = kernelVersion): Producer => producerOf(kernel),
    consumer(handler: Handler, consumerOptions: ConsumerOptions): Consumer {
      const consumer = createConsumer(backend, nameOf(kernelVersion), handler, { ...consumerOptions, limits })
      consumers.add(consumer)
      return consumer
    },
    /** Creates or updates BullMQ's tables; does nothing on Redis. Only the process that migrates may call it. */
    migrate: () => backend.migrate(),
    /** Throws a QueueError, such as QUEUE_NOT_MIGRATED or REDIS_EVICTION, if work cannot start. */
    async check(): Promise<void> {
      for (const notice of await backend.check()) onNotice?.(notice)
    },
    /** Closes the producer and all consumers, without waiting for handlers. */
    async close(): Promise<void> {
      await Promise.all([...producers.values(), ...consumers].map((each) => each.close()))
      consumers.clear()
      await settlesWithin(backend.close(), limits.closeTimeoutMs)
    },
  }
}
