import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import {
  createLedger,
  type Database,
  findSweep,
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
import type { Reader } from './farmWords.ts'
import { note } from './output.ts'
import type { Environment, Shell } from './shell.ts'

/** What a command works with: an embedded server of its own, or the farm that DATABASE_URL names. */
export interface Session {
  readonly mode: 'embedded' | 'farm'
  readonly home: string
  readonly databaseUrl: string
  /** The same database with a login that may only read; null if only the operator of the farm knows it. */
  readonly readerUrl: string | null
  /** For whom sentences about the farm are written. */
  readonly reader: Reader
  readonly database: Database
  readonly ledger: WorkLedger
  queue(): QueueFactory
  close(): Promise<void>
}

/** Connections that a process of the command line holds at most, apart from those of the queue. */
const maxConnections = 6

/** An operator who has just started a farm may be at `db migrate`. */
const migratedMs = 10_000

/** Whether there is a database: an embedded one exists once something has been run. */
export function databaseExists({ env, cwd }: Shell): boolean {
  return Boolean(env.DATABASE_URL) || embeddedExists(homeFolder(env, cwd))
}

/** Whether the home has a database. It may also be an empty folder, or contain only compiled kernels. */
export function embeddedExists(home: string): boolean {
  return existsSync(join(home, 'server.json')) || existsSync(join(home, 'postgres'))
}

export async function openSession(shell: Shell): Promise<Session> {
  const { env, cwd, stderr, waits } = shell
  if (env.DRIFTFARM_URL)
    throw new CliError(
      'NOT_YET_BUILT',
      `not yet built: DRIFTFARM_URL (${env.DRIFTFARM_URL})`,
      'name the farm by DATABASE_URL and REDIS_URL',
    )
  const home = homeFolder(env, cwd)
  const given = env.DATABASE_URL
  const redisUrl = env.REDIS_URL
  if (given !== undefined && given !== '') {
    await requireMigrated(given, waits.migratedMs ?? migratedMs)
    return session(shell, {
      mode: 'farm',
      home,
      databaseUrl: given,
      readerUrl: farmReader(env, given),
      redisUrl,
      release: async () => undefined,
    })
  }
  const embedded = await startEmbedded({
    home,
    onNotice: (line) => (stderr.isTTY === true ? note(shell, line) : undefined),
  })
  try {
    return await session(shell, {
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

async function session(shell: Shell, { redisUrl, release, ...where }: Opening): Promise<Session> {
  const database = await openDatabase({ url: where.databaseUrl, max: maxConnections })
  let queue: QueueFactory | undefined
  return {
    ...where,
    reader: { mode: where.mode, redis: Boolean(redisUrl) },
    database,
    ledger: createLedger(database),
    queue() {
      queue ??= createQueueFactory({
        databaseUrl: where.databaseUrl,
        kernelVersion: KERNEL_VERSION,
        onNotice: ({ message }) => note(shell, `warning: ${message}`),
        ...(redisUrl ? { redisUrl } : {}),
        ...shell.waits.queue,
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

/** The read-only URL of a farm: given explicitly, or derived from the password that was passed to `db migrate`. */
function farmReader(env: Environment, url: string): string | null {
  const { DRIFTFARM_READER_URL: address, DRIFTFARM_READER_PASSWORD: password } = env
  return address || (password ? readerUrl(url, password) : null)
}

/** The read-only URL. Throws a CliError NO_READER if it is not known. */
export function readerOf({ readerUrl: address }: Session): string {
  if (address !== null) return address
  throw new CliError(
    'NO_READER',
    'the address of the reading login is not known here',
    'set DRIFTFARM_READER_URL, or DRIFTFARM_READER_PASSWORD as `driftfarm db migrate` had it',
  )
}

/**
 * Waits so long for the migration of a farm's database, then throws: only `db migrate` changes a farm's tables.
 */
async function requireMigrated(url: string, waitMs: number): Promise<void> {
  const until = Date.now() + waitMs
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
    await new Promise((resume) => setTimeout(resume, waitMs / 20))
  }
}

/** Runs `body` with a session, which is closed in any case. */
export async function withSession<T>(shell: Shell, body: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(shell)
  try {
    return await body(session)
  } finally {
    await session.close()
  }
}

/** Runs `body` for the sweep that `text` names. No server is started if nothing has ever been run. */
export async function withSweep<T>(
  shell: Shell,
  text: string,
  body: (session: Session, sweep: { readonly id: string; readonly name: string }) => Promise<T>,
): Promise<T> {
  requireDatabase(shell, text)
  return withSession(shell, async (session) => body(session, await findSweep(session.database, text)))
}

export function requireDatabase(shell: Shell, sweep: string): void {
  if (!databaseExists(shell))
    throw new CliError(
      'NOT_FOUND',
      `no sweep ${sweep}: nothing has been run here yet`,
      'driftfarm run SPEC runs one; DRIFTFARM_HOME or DATABASE_URL name other places',
    )
}

/** The id of this process among the farm's workers. */
export function processId(kind: string): string {
  return `${kind}-${hostname().replace(/[^\w-]/g, '-')}-${process.pid}-${randomUUID().slice(0, 8)}`
}
