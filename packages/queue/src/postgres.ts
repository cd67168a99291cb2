import { WatchedClient, watchedPool } from '@driftfarm/database'
import {
  assertSchemaCompatibility,
  createPostgresBackend,
  LATEST_SCHEMA_VERSION,
  type PgPool,
  runMigrations,
  withBackend,
} from 'bullmq'
import type pg from 'pg'
import type { Backend, BullQueue, BullWorker } from './backend.ts'
import { asQueueError, QueueError } from './error.ts'
import type { Job } from './job.ts'
import { type QueueLimits, settings } from './settings.ts'

const { Queue, Worker } = withBackend(createPostgresBackend)

/**
 * A connection pool that BullMQ uses for all its connections, including the one that LISTENs: its own pool would wait
 * for ever on a silent connection. The `options` in the URL are kept, and the search path that BullMQ needs is added.
 */
function poolOf(databaseUrl: string, max: number, { silenceMs, checkIdleMs, operationTimeoutMs }: QueueLimits) {
  const url = new URL(databaseUrl)
  const options = url.searchParams.get('options')
  url.searchParams.delete('options')
  return watchedPool({
    connectionString: url.href,
    options: `${options === null ? '' : `${options} `}-c search_path="${settings.schema}"`,
    max,
    connectionTimeoutMillis: operationTimeoutMs,
    silence: { askAfterMs: silenceMs, answerMs: 2 * operationTimeoutMs },
    checkIdleMs,
    application_name: 'driftfarm-queue',
  })
}

/** Makes closing a queue or worker also end its pool, which BullMQ leaves to the owner. */
function owning<T extends BullQueue | BullWorker>(bull: T, pool: ReturnType<typeof poolOf>): T {
  const close = bull.close.bind(bull)
  let ended: Promise<void> | undefined
  bull.close = async (force: boolean) => {
    await close(force)
    ended ??= pool.end()
    await ended
  }
  bull.disconnect = async () => pool.giveUp()
  return bull
}

/** BullMQ on the farm's own database, with tables in a schema of its own and LISTEN/NOTIFY for wake-ups. */
export function postgresBackend(databaseUrl: string, limits: QueueLimits): Backend {
  const withClient = async <T>(doing: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
    const client = new WatchedClient({
      connectionString: databaseUrl,
      connectionTimeoutMillis: limits.operationTimeoutMs,
      silence: { askAfterMs: limits.silenceMs, answerMs: Number.POSITIVE_INFINITY },
      application_name: 'driftfarm-queue',
    })
    try {
      await client.connect()
      return await work(client)
    } catch (error) {
      throw asQueueError(error, doing)
    } finally {
      await client.end().catch(() => undefined)
    }
  }

  return {
    kind: 'postgres',
    place: 'postgres',
    migrate: () =>
      withClient('migrating the queue', async (client) => {
        await runMigrations(client, settings.schema)
      }),
    check: () =>
      withClient('looking at the queue', async (client) => {
        const version = await assertSchemaCompatibility(client, settings.schema)
        if (version < LATEST_SCHEMA_VERSION) {
          const message = `the queue's tables are at version ${version}, this driftfarm needs ${LATEST_SCHEMA_VERSION}`
          throw new QueueError('QUEUE_NOT_MIGRATED', message)
        }
        return []
      }),
    queue(name) {
      const pool = poolOf(databaseUrl, settings.producerConnections, limits)
      const streams = { events: { maxLen: settings.events } }
      return owning(new Queue<Job, void, string>(name, { connection: pool as PgPool, streams }), pool)
    },
    worker(name, process, { concurrency }) {
      const pool = poolOf(databaseUrl, settings.consumerConnections, limits)
      const worker = new Worker<Job, void, string>(name, (job, token) => process(job, token), {
        connection: pool as PgPool,
        autorun: false,
        concurrency,
        lockDuration: limits.lockDurationMs,
        stalledInterval: limits.stalledIntervalMs,
        maxStalledCount: settings.maxStalledCount,
        drainDelay: limits.drainDelayS,
        runRetryDelay: limits.runRetryDelayMs,
      })
      return owning(worker, pool)
    },
  }
}
