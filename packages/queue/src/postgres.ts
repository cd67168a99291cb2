import { isPooled, WatchedClient, type WatchedPool, watchedPool } from '@driftfarm/database'
import type { PgPool } from 'bullmq'
import type pg from 'pg'
import { type Backend, type BullQueue, type BullWorker, bullmq, streams, workerOptions } from './backend.ts'
import { asQueueError, QueueError } from './error.ts'
import type { Job } from './job.ts'
import { type QueueLimits, settings } from './settings.ts'

const classes = () => {
  const { createPostgresBackend, withBackend } = bullmq()
  return withBackend(createPostgresBackend)
}

/** BullMQ's own pool would wait forever on a silent connection. */
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

/** Makes `disconnect` drop all connections: if one has stopped responding, most likely the others have too. */
function usingUp<T extends BullQueue | BullWorker>(bull: T, pool: WatchedPool): T {
  bull.disconnect = async () => pool.giveUp()
  return bull
}

/** BullMQ's tables are in a schema of their own in the farm's database. Queue and workers share one connection pool. */
export function postgresBackend(databaseUrl: string, connections: number, limits: QueueLimits): Backend {
  let shared: WatchedPool | undefined
  const pool = (): WatchedPool => {
    // Every queue and worker adds an error listener to the pool. Replaced queues and workers leave their listeners
    // behind, so the limit on the number of listeners is removed.
    shared ??= poolOf(databaseUrl, connections, limits).setMaxListeners(0)
    return shared
  }

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
    // The queue reports no server of its own: the farm's other queries already show whether the database responds.
    server: null,
    // To add several jobs at once, BullMQ creates a temporary table. This takes as long as adding a dozen jobs one by
    // one.
    fewJobs: 10,
    async migrate() {
      const { assertSchemaCompatibility, LATEST_SCHEMA_VERSION, runMigrations } = bullmq()
      // Usually the tables are current. One query says so, on a connection that the queue then uses; migrations would
      // take a dozen, and a lock.
      const version = await assertSchemaCompatibility(pool(), settings.schema).catch(() => 0)
      if (version < LATEST_SCHEMA_VERSION)
        await withClient('migrating the queue', (client) => runMigrations(client, settings.schema))
    },
    check: () =>
      withClient('checking the queue', async (client) => {
        if (await isPooled(client))
          throw new QueueError(
            'QUEUE_POOLED',
            'DATABASE_URL leads to a connection pooler, but a queue on PostgreSQL needs a direct connection for LISTEN',
          )
        const { assertSchemaCompatibility, LATEST_SCHEMA_VERSION } = bullmq()
        const version = await assertSchemaCompatibility(client, settings.schema)
        if (version < LATEST_SCHEMA_VERSION) {
          const message = `the queue tables have version ${version}, but this driftfarm needs ${LATEST_SCHEMA_VERSION}`
          throw new QueueError('QUEUE_NOT_MIGRATED', message)
        }
        return []
      }),
    queue(name) {
      const { Queue } = classes()
      return usingUp(new Queue<Job, void, string>(name, { connection: pool() as PgPool, streams }), pool())
    },
    worker(name, process, concurrency) {
      const { Worker } = classes()
      const worker = new Worker<Job, void, string>(name, (job, token) => process(job, token), {
        connection: pool() as PgPool,
        ...workerOptions(limits, concurrency),
      })
      return usingUp(worker, pool())
    },
    pool,
    async close() {
      await shared?.end()
    },
  }
}
