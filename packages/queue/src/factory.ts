import type { Notice } from './backend.ts'
import { type Consumer, type ConsumerOptions, createConsumer, type Handler } from './consumer.ts'
import { postgresBackend } from './postgres.ts'
import { createProducer, type Producer } from './producer.ts'
import { redisBackend } from './redis.ts'
import { type QueueLimits, settings } from './settings.ts'

export interface QueueFactoryOptions {
  /** Where set, jobs are queued on Redis; else on PostgreSQL, by BullMQ's own backend. */
  readonly redisUrl?: string | undefined
  readonly databaseUrl: string
  /** One queue a kernel version, so that a worker of another version never sees a job that it must refuse. */
  readonly kernelVersion: number
  readonly onNotice?: (notice: Notice) => void
  /** Instead of the defaults (`settings`). */
  readonly limits?: Partial<QueueLimits>
}

/**
 * Connections: a producer opens 1 to Redis or at most 2 to PostgreSQL; a consumer 2 to Redis (commands, blocking wait)
 * or at most 3 to PostgreSQL (one that LISTENs).
 * One more of each for a moment, where a server is asked about a connection that does not answer. `migrate` and `check`
 * open one and close it.
 */
export interface QueueFactory {
  readonly kind: 'redis' | 'postgres'
  /**
   * Which queue it is, for people and to be compared: `redis://host:port/database`, without any secret, or `postgres`.
   */
  readonly place: string
  /** The one producer of this factory. */
  producer(): Producer
  /** A new consumer each time. */
  consumer(handler: Handler, options: ConsumerOptions): Consumer
  /** Makes BullMQ's tables; only the process that may migrate the database calls it. Nothing to do on Redis. */
  migrate(): Promise<void>
  /** Throws QUEUE_NOT_MIGRATED, REDIS_EVICTION, QUEUE_VERSION or QUEUE_UNREACHABLE unless work may start. */
  check(): Promise<void>
  /** Closes all that it made, consumers at once. */
  close(): Promise<void>
}

export function createQueueFactory(options: QueueFactoryOptions): QueueFactory {
  const { redisUrl, databaseUrl, kernelVersion, onNotice } = options
  const limits: QueueLimits = { ...settings, ...options.limits }
  const backend =
    redisUrl === undefined || redisUrl === '' ? postgresBackend(databaseUrl, limits) : redisBackend(redisUrl, limits)
  const name = `driftfarm-kernel-${kernelVersion}`
  const producer = createProducer(backend, name, limits)
  const consumers = new Set<Consumer>()
  return {
    kind: backend.kind,
    place: backend.place,
    producer: () => producer,
    consumer(handler, consumerOptions) {
      const consumer = createConsumer(backend, name, handler, { ...consumerOptions, limits })
      consumers.add(consumer)
      return consumer
    },
    migrate: () => backend.migrate(),
    async check() {
      for (const notice of await backend.check()) onNotice?.(notice)
    },
    async close() {
      await Promise.all([producer.close(), ...[...consumers].map((consumer) => consumer.close())])
      consumers.clear()
    },
  }
}
