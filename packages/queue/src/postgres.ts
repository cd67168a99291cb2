import {
  assertSchemaCompatibility,
  createPostgresBackend,
  LATEST_SCHEMA_VERSION,
  runMigrations,
  withBackend,
} from 'bullmq'
import pg from 'pg'
import type { Backend } from './backend.ts'
import { asQueueError, QueueError } from './error.ts'
import type { Job } from './job.ts'
import { settings } from './settings.ts'

const { Queue, Worker } = withBackend(createPostgresBackend)

/** Connection options; the server's `options` of the URL are kept beside BullMQ's own (its search_path). */
function connectionTo(databaseUrl: string, max: number) {
  const url = new URL(databaseUrl)
  const options = url.searchParams.get('options')
  url.searchParams.delete('options')
  return {
    connectionString: url.href,
    ...(options === null ? {} : { options }),
    max,
    connectionTimeoutMillis: settings.operationTimeoutMs,
    query_timeout: 2 * settings.operationTimeoutMs,
    keepAlive: true,
    application_name: 'driftfarm-queue',
    schema: settings.schema,
    migrate: false,
  }
}

/** BullMQ on the farm's own database: its tables in a schema of their own, LISTEN/NOTIFY for wake-ups. */
export function postgresBackend(databaseUrl: string): Backend {
  const withClient = async <T>(doing: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
    const client = new pg.Client({
      connectionString: databaseUrl,
      connectionTimeoutMillis: settings.operationTimeoutMs,
      application_name: 'driftfarm-queue',
    })
    client.on('error', () => undefined)
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
    queue: (name) =>
      new Queue<Job, void, string>(name, {
        connection: connectionTo(databaseUrl, settings.producerConnections),
        streams: { events: { maxLen: settings.events } },
      }),
    worker: (name, process, { concurrency }) =>
      new Worker<Job, void, string>(name, (job, token) => process(job, token), {
        connection: connectionTo(databaseUrl, settings.consumerConnections),
        autorun: false,
        concurrency,
        lockDuration: settings.lockDurationMs,
        stalledInterval: settings.stalledIntervalMs,
        maxStalledCount: settings.maxStalledCount,
        drainDelay: settings.drainDelayS,
        runRetryDelay: settings.runRetryDelayMs,
      }),
  }
}
