import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import {
  createLedger,
  type Database,
  homeFolder,
  migrationState,
  openDatabase,
  readerUrl,
  startEmbedded,
  type WorkLedger,
} from '@driftfarm/database'
import { createQueueFactory, type QueueFactory } from '@driftfarm/queue'
import { KERNEL_VERSION } from '@driftfarm/spec'
import { CliError } from './failure.ts'
import { note } from './output.ts'

/** Where a command works: an embedded server of its own, or the farm that DATABASE_URL names. */
export interface Session {
  readonly mode: 'embedded' | 'farm'
  readonly home: string
  readonly databaseUrl: string
  /** The same database for a login that may only read; null where only the farm's operator knows it. */
  readonly readerUrl: string | null
  readonly database: Database
  readonly ledger: WorkLedger
  queue(): QueueFactory
  close(): Promise<void>
}

/** Connections a command line process holds at most, apart from the queue's. */
const maxConnections = 6

/** Whether there is a database at all: an embedded one exists once something has run. */
export function databaseExists(): boolean {
  return Boolean(process.env.DATABASE_URL) || embeddedExists(homeFolder(process.env, process.cwd()))
}

/** A home may be an empty folder, or hold no more than compiled kernels. */
export function embeddedExists(home: string): boolean {
  return existsSync(join(home, 'server.json')) || existsSync(join(home, 'postgres'))
}

export async function openSession(): Promise<Session> {
  if (process.env.DRIFTFARM_URL)
    throw new CliError(
      'NOT_YET_BUILT',
      `not yet built: DRIFTFARM_URL (${process.env.DRIFTFARM_URL})`,
      'name the farm by DATABASE_URL and REDIS_URL',
    )
  const home = homeFolder(process.env, process.cwd())
  const given = process.env.DATABASE_URL
  const redisUrl = process.env.REDIS_URL
  if (given !== undefined && given !== '') {
    await requireMigrated(given)
    return session({
      mode: 'farm',
      home,
      databaseUrl: given,
      readerUrl: farmReader(given),
      redisUrl,
      release: async () => undefined,
    })
  }
  const embedded = await startEmbedded({
    home,
    onNotice: (line) => (process.stderr.isTTY ? note(line) : undefined),
  })
  try {
    return await session({
      mode: 'embedded',
      home,
      databaseUrl: embedded.url,
      readerUrl: embedded.readerUrl,
      redisUrl,
      release: () => embedded.close(),
    })
  } catch (error) {
    await embedded.close()
    throw error
  }
}

interface Opening {
  readonly mode: Session['mode']
  readonly home: string
  readonly databaseUrl: string
  readonly readerUrl: string | null
  readonly redisUrl: string | undefined
  release(): Promise<void>
}

async function session({ redisUrl, release, ...where }: Opening): Promise<Session> {
  const database = await openDatabase({ url: where.databaseUrl, max: maxConnections })
  let queue: QueueFactory | undefined
  return {
    ...where,
    database,
    ledger: createLedger(database),
    queue() {
      queue ??= createQueueFactory({
        databaseUrl: where.databaseUrl,
        kernelVersion: KERNEL_VERSION,
        onNotice: ({ message }) => note(`warning: ${message}`),
        ...(redisUrl ? { redisUrl } : {}),
      })
      return queue
    },
    async close() {
      await queue?.close()
      await database.close()
      await release()
    },
  }
}

/** A farm's reader by its own address, or by the password that `db migrate` gave it. */
function farmReader(url: string): string | null {
  const { DRIFTFARM_READER_URL: address, DRIFTFARM_READER_PASSWORD: password } = process.env
  return address || (password ? readerUrl(url, password) : null)
}

/** Only `db migrate` changes a farm's tables; everybody else waits a little for it, then says so. */
async function requireMigrated(url: string): Promise<void> {
  const until = Date.now() + 10_000
  for (;;) {
    const state = await migrationState(url)
    if (state === 'current') return
    if (state === 'ahead')
      throw new CliError(
        'CONFLICT',
        'the database is of a newer Drift Farm than this command',
        'use the version that the farm runs',
      )
    if (Date.now() > until)
      throw new CliError(
        'NOT_MIGRATED',
        'the database has not the tables of this version',
        'run `driftfarm db migrate` once, then try again',
      )
    await new Promise((resume) => setTimeout(resume, 500))
  }
}

/** Runs `body` with a session that is closed whatever happens. */
export async function withSession<T>(body: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession()
  try {
    return await body(session)
  } finally {
    await session.close()
  }
}

/** The id of this process among the farm's workers. */
export function processId(kind: string): string {
  return `${kind}-${hostname().replace(/[^\w-]/g, '-')}-${process.pid}-${randomUUID().slice(0, 8)}`
}

/** Commands that name a sweep start no server where nothing has ever run. */
export function requireDatabase(sweep: string): void {
  if (!databaseExists())
    throw new CliError(
      'NOT_FOUND',
      `no sweep ${sweep}: nothing has been run here yet`,
      'driftfarm run SPEC runs one; DRIFTFARM_HOME or DATABASE_URL name other places',
    )
}
