import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { CoordinatorOptions } from '@driftfarm/coordinator'
import {
  createLedger,
  type Database,
  type Embedded,
  migrationState,
  openDatabase,
  startEmbedded,
  storeNames,
} from '@driftfarm/database'
import { createQueueFactory, type QueueFactory, type QueueFactoryOptions } from '@driftfarm/queue'
import { KERNEL_VERSION } from '@driftfarm/spec'
import type { WorkerOptions } from '@driftfarm/worker'
import { FarmError } from './error.ts'

/** An open database with its queue. `mode` tells whether the database is on an embedded server or belongs to a farm. */
export type Session = Readonly<Awaited<ReturnType<typeof session>>>

export interface SessionOptions {
  /** The absolute path of the home, which contains the embedded server and compiled kernels. */
  readonly home: string
  /** A PostgreSQL database, instead of the embedded server. */
  readonly databaseUrl?: string | undefined
  /** A read-only login for that database. */
  readonly readerUrl?: string | null
  /** A Redis server for the queue. Without it the queue is in the database. */
  readonly redisUrl?: string | undefined
  /**
   * Maximum number of connections to the database, including those of the queue if it is in the database.
   * A worker needs only `workerConnections`.
   */
  readonly connections?: number | undefined
  /** The embedded server, if the caller has started it already. */
  readonly server?: Promise<Embedded> | null
  /** Called with one line about each slow step of the embedded server. */
  readonly onNotice?: (line: string) => void
  /** Called with warnings about the queue and the embedded server. */
  readonly onWarning?: (line: string) => void
  readonly waits?: WaitLimits
}

/** Default maximum number of connections per process, not counting those of the queue. */
const maxConnections = 6

/** In a queue on PostgreSQL, one connection runs LISTEN; the other claims and acknowledges jobs and renews locks. */
const queueConnections = 2

/** Few connections are enough, because a worker uses each connection only briefly. */
export const workerConnections = ({ redis }: { readonly redis: boolean }): number => (redis ? 2 : 3)

/** Time in ms to wait for `db migrate`, which the operator of a new farm may still be running. */
const migratedMs = 10_000

/** Opens the database. Throws an error with the reason if the database cannot be opened. */
export async function openSession(options: SessionOptions) {
  const { home, databaseUrl: given, readerUrl = null, onNotice = () => undefined, waits = {} } = options
  if (given !== undefined) {
    await requireMigrated(given, waits.migratedMs ?? migratedMs)
    return session(options, { mode: 'farm', databaseUrl: given, readerUrl }, async () => undefined)
  }
  const embedded = await (options.server ?? startEmbedded({ home, onNotice }))
  const ends = keepAlive(embedded, options.onWarning ?? (() => undefined))
  const release = async () => {
    await ends()
    await embedded.close()
  }
  try {
    const where = { mode: 'embedded', databaseUrl: embedded.url, readerUrl: embedded.readerUrl } as const
    return await session(options, where, release)
  } catch (error) {
    await release()
    throw error
  }
}

/** Interval between checks of the embedded server. After a failed start the interval grows, up to the maximum. */
const serverCheckMs = 2_000
const maxServerCheckMs = 60_000

/** Checks the embedded server regularly, and restarts it if it has died. The returned function ends the checks. */
function keepAlive({ revive }: Embedded, warn: (line: string) => void): () => Promise<void> {
  const end = new AbortController()
  const { signal } = end
  const keep = async (): Promise<void> => {
    let wasReported = false
    for (let waitMs = serverCheckMs; !signal.aborted; ) {
      await delay(waitMs, undefined, { signal, ref: false }).catch(() => undefined)
      if (signal.aborted) return
      try {
        await revive()
        waitMs = serverCheckMs
        wasReported = false
      } catch (error) {
        waitMs = Math.min(2 * waitMs, maxServerCheckMs)
        if (!wasReported) warn(`${(error as Error).message}; retrying at growing intervals`)
        wasReported = true
      }
    }
  }
  const kept = keep()
  return async () => {
    end.abort()
    await kept
  }
}

interface Opened {
  readonly mode: 'embedded' | 'farm'
  readonly databaseUrl: string
  /** The address of the same database with a read-only login; null if only the operator of the farm knows it. */
  readonly readerUrl: string | null
}

async function session(
  { home, waits = {}, redisUrl, connections, onWarning = () => undefined }: SessionOptions,
  where: Opened,
  release: () => Promise<void>,
) {
  const forQueue = redisUrl ? 0 : queueConnections
  const max = connections === undefined ? maxConnections : connections - forQueue
  if (max < 1)
    throw new FarmError('USAGE', `--connections is ${connections}, which is too few`, {
      hint: redisUrl
        ? 'give at least 1, preferably 2'
        : `give at least ${forQueue + 1}: the queue on PostgreSQL uses ${forQueue} of these connections`,
    })
  // A worker's commits may wait for a lock, but heartbeats must not wait for commits. So if `connections` is given,
  // heartbeats use other connections than commits. If the queue is on PostgreSQL, heartbeats use the connections of the
  // queue. If it is on Redis, they get a separate connection, provided that `connections` is at least 2.
  const isApart = connections !== undefined && Boolean(redisUrl) && max > 1
  const database: Database = await openDatabase({ url: where.databaseUrl, max: isApart ? max - 1 : max })
  const beats = isApart ? await openDatabase({ url: where.databaseUrl, max: 1 }) : database
  let queue: QueueFactory | undefined
  // The queue may be checked many times, but each warning is given only once.
  const warned = new Set<string>()
  return {
    ...where,
    home,
    waits,
    reader: { mode: where.mode, redis: Boolean(redisUrl) },
    database,
    ledger: createLedger(database, {
      get pool() {
        return (connections === undefined ? null : queue?.pool) ?? beats.pool
      },
      renew: () => beats.renew(),
    }),
    queue(): QueueFactory {
      queue ??= createQueueFactory({
        databaseUrl: where.databaseUrl,
        kernelVersion: KERNEL_VERSION,
        connections: connections === undefined ? undefined : forQueue,
        onNotice: (message) => {
          if (!warned.has(message)) onWarning(message)
          warned.add(message)
        },
        ...(redisUrl ? { redisUrl } : {}),
        ...waits.queue,
      })
      return queue
    },
    async close(): Promise<void> {
      if (where.mode === 'embedded') await storeNames(database, home)
      await queue?.close()
      await database.close()
      await beats.close()
      await release()
    },
  }
}

/** Waits until a farm's database is migrated. Only `db migrate` changes the tables of a farm. */
async function requireMigrated(url: string, waitMs: number): Promise<void> {
  const until = Date.now() + waitMs
  for (;;) {
    const state = await migrationState(url)
    if (state === 'current') return
    if (state === 'ahead')
      throw new FarmError('CONFLICT', 'the database was migrated by a newer version of Drift Farm', {
        hint: 'install the version that the farm runs',
      })
    if (Date.now() > until)
      throw new FarmError('NOT_MIGRATED', 'the database does not have the tables of this version', {
        hint: 'ask the operator of the farm to run `driftfarm db migrate` once, then try again',
      })
    await new Promise((resume) => setTimeout(resume, waitMs / 20))
  }
}

/** An id that no other process of the farm has. */
export function processId(kind: string): string {
  return `${kind}-${hostname().replace(/[^\w-]/g, '-')}-${process.pid}-${randomUUID().slice(0, 8)}`
}

/** Time limits for waiting. Each part of a farm has its own defaults; tests use shorter limits. */
export interface WaitLimits {
  /**
   * If the database does not have the tables of this version yet, the farm waits this long for someone to run
   * `db migrate`; 10 s by default.
   */
  readonly migratedMs?: number
  readonly coordinator?: Pick<CoordinatorOptions, 'limits'>
  readonly worker?: Pick<WorkerOptions, 'limits'>
  readonly queue?: Pick<QueueFactoryOptions, 'limits'>
}
