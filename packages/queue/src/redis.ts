import { hostname } from 'node:os'
import { type Backend, bullmq, ioredis, streams, workerOptions } from './backend.ts'
import { withTimeout } from './bounded.ts'
import { asQueueError, QueueError } from './error.ts'
import type { Job } from './job.ts'
import type { QueueLimits } from './settings.ts'

/** The lowest major version of Redis that BullMQ accepts; older versions lack commands that its Lua scripts use. */
const minMajor = 6

/** In ms. With BullMQ's default, reconnecting may take up to 20 s after the server is back. */
const retryStrategy = (attempt: number): number => Math.min(100 * attempt, 1_000)

function checkedUrl(redisUrl: string): string {
  // The value may contain a password, so it is not repeated in the message.
  if (!URL.canParse(redisUrl) || !/^rediss?:$/.test(new URL(redisUrl).protocol))
    throw new QueueError('REDIS_URL', 'REDIS_URL is not the URL of a Redis server')
  return redisUrl
}

interface OnRedis {
  getBackend(): { readonly client: Promise<{ info(section: string): Promise<string> }> }
}

const field = (info: string, name: string): string | null =>
  new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? null

/** `info` is the reply to INFO. Returns warnings. Throws a QueueError if the server is unsuitable. */
export function checkServer(info: string): readonly string[] {
  const policy = field(info, 'maxmemory_policy')
  if (policy !== null && policy !== 'noeviction') {
    throw new QueueError('REDIS_EVICTION', `Redis may evict keys: maxmemory-policy is ${policy}, not noeviction`)
  }
  const version = field(info, 'valkey_version') ?? field(info, 'redis_version')
  if (version !== null && Number.parseInt(version, 10) < minMajor) {
    throw new QueueError('QUEUE_VERSION', `Redis ${version} is too old: ${minMajor}.2 or newer is needed`)
  }
  if (field(info, 'aof_enabled') !== '0') return []
  return ['Redis writes no append-only file: a restart empties the queue, which the coordinator then refills']
}

export function redisBackend(redisUrl: string, limits: QueueLimits): Backend {
  const { silenceMs, operationTimeoutMs, keepAliveMs, drainDelayS } = limits
  const url = checkedUrl(redisUrl)
  const connection = { url, retryStrategy, connectTimeout: operationTimeoutMs, keepAlive: keepAliveMs }
  return {
    kind: 'redis',
    place: redisPlace(url, hostname()),
    fewJobs: 1,
    async server(queue) {
      const client = await (queue as unknown as OnRedis).getBackend().client
      const run = field(await client.info('server'), 'run_id')
      return run === null ? null : `${run}/${databaseOf(url)}`
    },
    migrate: async () => undefined,
    async check() {
      const { Redis } = ioredis()
      const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 })
      // `connect` rejects only when the connection closes. An `error` event reports why it closed.
      let cause: unknown
      client.on('error', (error: unknown) => {
        cause ??= error
      })
      try {
        await withTimeout(client.connect(), operationTimeoutMs, 'connecting to Redis')
        return checkServer(await withTimeout(client.info(), operationTimeoutMs, 'running INFO on Redis'))
      } catch (error) {
        if (error instanceof QueueError) throw error
        throw asQueueError(cause ?? error, `checking the queue at ${redisPlace(url, hostname())}`)
      } finally {
        client.disconnect()
      }
    },
    queue(name) {
      const { createRedisBackend, Queue } = bullmq()
      return new Queue<Job, void, string>(
        name,
        {
          // The `commandTimeout` of ioredis is not used: it gives up the command and keeps the connection. Here the
          // connection must be given up and the command repeated.
          connection: { ...connection, socketTimeout: silenceMs, maxRetriesPerRequest: 2 },
          streams,
        },
        createRedisBackend,
      )
    },
    worker(name, process, concurrency) {
      const { createRedisBackend, Worker } = bullmq()
      return new Worker<Job, void, string>(
        name,
        (job, token) => process(job, token),
        {
          ...workerOptions(limits, concurrency),
          // A worker waits up to `drainDelayS` for a job, so the timeout is longer by this time.
          connection: { ...connection, socketTimeout: silenceMs + 1_000 * drainDelayS, maxRetriesPerRequest: null },
        },
        createRedisBackend,
      )
    },
    pool: () => null,
    close: async () => undefined,
  }
}

const defaultPort = '6379'
const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/

/**
 * A Redis URL in a form that may be shown and compared: without user, password and options. `localhost` on two machines
 * means two different queues, so it is replaced by the name of this machine.
 *
 *     redisPlace('rediss://:secret@localhost/1', 'nodeA') // 'redis://nodeA:6379/1'
 */
export function redisPlace(redisUrl: string, machine: string): string {
  const { hostname, port } = new URL(redisUrl)
  const host = hostname === '' || loopback.test(hostname) ? machine : hostname
  return `redis://${host}:${port || defaultPort}/${databaseOf(redisUrl)}`
}

/** The number of the Redis database in the URL, as text. */
export function databaseOf(redisUrl: string): string {
  const { pathname, searchParams } = new URL(redisUrl)
  return pathname.replace(/^\//, '') || searchParams.get('db') || '0'
}
