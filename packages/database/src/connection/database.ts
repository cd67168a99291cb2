import pg from 'pg'
import { codeOf } from '../errors.ts'
import type { PrismaClient } from '../generated/client.ts'
import { type SilenceLimits, statementMs, type WatchedClient, type WatchedPool, watchedPool } from './client.ts'
import { isPooled, parseUrl, unreachable } from './connect.ts'
import {
  clientsKeepingPlans,
  isPreparedStatementMissing,
  type Prepared,
  prepared,
  preparedPlanSettings,
  run,
  runDeferred,
} from './prepared.ts'
import { retrying } from './retry.ts'
import { values } from './values.ts'

export interface DatabaseOptions {
  readonly url: string
  /** Maximum number of connections, including Prisma's. */
  readonly max?: number
  /** The application name in pg_stat_activity. */
  readonly name?: string
  /** Time limits after which an unresponsive connection is dropped. The defaults are in `silence.ts`. */
  readonly silence?: Partial<SilenceLimits>
  /** Time limit in ms for connecting and for waiting for a connection from the pool; default 10 s. */
  readonly connectMs?: number
}

export interface TransactionOptions {
  /**
   * `true`: retry after every retryable failure for up to 30 s. This is only for idempotent work, because a commit
   * whose response was lost may have taken effect. `conflicts`: retry only after deadlocks and similar conflicts. This
   * is safe for any work, because such conflicts roll the transaction back.
   */
  readonly retry?: boolean | 'conflicts'
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable'
  /** If false, the commit does not wait for the disk, so a crash of the server may lose the transaction. */
  readonly durable?: boolean
  /** Whether the connection keeps the prepared statements for later transactions (see `prepared.ts`). */
  readonly keepsPlans?: boolean
}

export interface Database extends Awaited<ReturnType<typeof openDatabase>> {}

/** A database, or one snapshot of it that all statements share. */
export interface ReadSource {
  readonly pool: pg.Pool | pg.PoolClient
}

/**
 * Runs all statements of `read` on one snapshot, so that all pages of a running sweep are from the same moment. A
 * reader may pause for an hour between two statements, because the snapshot holds no lock that others need. With
 * `keepsPlans`, every statement looks up rows by key if it can, however many rows it reads. So use `keepsPlans` only if
 * `read` finds all rows by key.
 */
export function snapshotOf<T>(
  database: Database,
  read: (reading: ReadSource) => Promise<T>,
  { keepsPlans = false }: { readonly keepsPlans?: boolean } = {},
): Promise<T> {
  return database.transaction(
    async (pool) => {
      await pool.query(`set local idle_in_transaction_session_timeout = '1h'`)
      return read({ pool })
    },
    { isolation: 'repeatable read', keepsPlans },
  )
}

const defaults = {
  max: 8,
  /** By default, pg would wait forever. */
  connectMs: 10_000,
  closeMs: 3_000,
  /** If a process is frozen or cut off during a transaction, the server ends its session, which releases the locks. */
  idle_in_transaction_session_timeout: 10_000,
  retryLimitMs: 30_000,
} as const

/** The server's time limits, set for each session or, behind a pooler, for each transaction. */
export const serverLimits = {
  statement_timeout: statementMs,
  idle_in_transaction_session_timeout: defaults.idle_in_transaction_session_timeout,
} as const

/** Opens a pool and a first connection. Throws a DatabaseError if the server cannot be reached. */
export async function openDatabase(options: DatabaseOptions) {
  const { url } = options
  parseUrl(url)
  const { pool, isPooled } = await openPool(options).catch((error) => {
    throw unreachable(url, error)
  })
  if (isPooled) pooled.add(pool)
  let prisma: Promise<PrismaClient> | undefined
  let closed: Promise<void> | undefined
  return {
    url,
    /**
     * Whether a pooler (PgBouncer) is in front of the server. Each transaction may then use another connection to the
     * server, and statements outside a `transaction` may have no time limit on the server.
     */
    isPooled,
    /** Queries return an int8 as a number if it is exact, otherwise as a bigint, and a numeric as a string. */
    pool: pool as pg.Pool,
    /**
     * Prisma's client on the same pool, for reading and writing whole rows of the control plane. Loading Prisma takes
     * 0.25 s of CPU time (half of a whole command), so it is loaded at first use, after a command's first output. Do
     * not use Prisma for:
     * - times: Prisma takes them from this machine's clock, even for `now()` in the schema;
     * - outcomes: Prisma's floats lose bits from 1e15 on;
     * - work that must hold a lock: Prisma's statements are not part of a `transaction`.
     */
    prisma: (): Promise<PrismaClient> => (prisma ??= openPrisma(pool)),
    transaction: <T>(work: Work<T>, options: TransactionOptions = {}): Promise<T> => transact(pool, work, options),
    /** Drops all connections. Later statements open new ones, and statements in progress fail as retryable. */
    renew: (): void => pool.giveUp(),
    close(): Promise<void> {
      closed ??= (async () => {
        // A server that does not answer must not keep this process alive for minutes.
        const late = setTimeout(() => pool.giveUp(), defaults.closeMs)
        if (prisma !== undefined) await (await prisma).$disconnect()
        await pool.end()
        clearTimeout(late)
      })()
      return closed
    },
  }
}

type Work<T> = (client: pg.PoolClient) => Promise<T>

interface Transacting extends TransactionOptions {
  /** The work is a single statement. It needs neither `begin` nor `commit`, so it takes one round trip. */
  readonly atOnce?: boolean
}

const pooled = new WeakSet<pg.Pool>()

/** Pools behind a pooler that does not keep prepared statements. */
const poolsWithoutStatements = new WeakSet<pg.Pool>()

function transact<T>(pool: pg.Pool, work: Work<T>, options: Transacting): Promise<T> {
  const { retry = false } = options
  const once = async (): Promise<T> => {
    const keepsPlans = options.keepsPlans === true && !poolsWithoutStatements.has(pool)
    try {
      return await transactOnce(pool, work, { ...options, keepsPlans })
    } catch (error) {
      if (!keepsPlans || !isPreparedStatementMissing(error)) throw error
      poolsWithoutStatements.add(pool)
      return transactOnce(pool, work, { ...options, keepsPlans: false })
    }
  }
  return retry === false ? once() : retrying(once, defaults.retryLimitMs, { conflicts: retry === 'conflicts' })
}

/** Sends `begin` together with the first statement, and `commit` together with the queued statements. */
async function transactOnce<T>(pool: pg.Pool, work: Work<T>, options: Transacting): Promise<T> {
  const { isolation = 'read committed', durable = true, keepsPlans = false, atOnce = false } = options
  const settings = Object.entries({
    ...(pooled.has(pool) ? serverLimits : {}),
    ...(durable ? {} : { synchronous_commit: 'off' }),
    ...(keepsPlans ? preparedPlanSettings : {}),
  }).map(([name, value]) => `set_config('${name}', '${value}', true)`)
  const client = await pool.connect()
  let broken: Error | undefined
  if (keepsPlans) clientsKeepingPlans.add(client)
  try {
    if (!atOnce) runDeferred(client, prepared(`begin isolation level ${isolation}`))
    if (settings.length > 0) runDeferred(client, prepared(`select ${settings.join(', ')}`))
    const result = await work(client)
    if (!atOnce) await run(client, commit, [])
    return result
  } catch (error) {
    ;(client as unknown as WatchedClient).forget()
    // If even the rollback fails, the connection is unusable.
    await client.query('rollback').catch((failure: Error) => {
      broken = failure
    })
    throw error
  } finally {
    clientsKeepingPlans.delete(client)
    client.release(broken)
  }
}

const commit = prepared('commit')

/** Runs a single prepared statement in its own transaction, in one round trip. */
export const inOneRoundTrip = <Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  statement: Prepared,
  values: readonly unknown[],
  options: Pick<TransactionOptions, 'durable' | 'retry'> = {},
): Promise<pg.QueryResult<Row>> =>
  transact(pool, (client) => run<Row>(client, statement, values), { ...options, keepsPlans: true, atOnce: true })

/**
 * If `from` is a pool, runs the query in one round trip. If `from` is a client in a transaction, the query is prepared
 * only if the transaction was opened with `keepsPlans`.
 */
export const lookUp = <Row extends pg.QueryResultRow>(
  from: pg.Pool | pg.PoolClient,
  statement: Prepared,
  values: readonly unknown[],
): Promise<pg.QueryResult<Row>> =>
  from instanceof pg.Pool ? inOneRoundTrip<Row>(from, statement, values) : run<Row>(from, statement, values)

async function openPool({ url, max = defaults.max, name = 'driftfarm', connectMs, silence }: DatabaseOptions) {
  const config = {
    ...parseUrl(url),
    max,
    connectionTimeoutMillis: connectMs ?? defaults.connectMs,
    silence,
    application_name: name,
    types: values,
  }
  try {
    return await probePool(watchedPool({ ...config, ...serverLimits }))
  } catch (error) {
    // PgBouncer refuses settings that it cannot apply to a session, unless it is configured to ignore them.
    if (codeOf(error) !== protocolViolation) throw error
    return probePool(watchedPool(config))
  }
}

const protocolViolation = '08P01'

async function probePool(pool: WatchedPool) {
  try {
    const client = await pool.connect()
    try {
      return { pool, isPooled: await isPooled(client) }
    } finally {
      client.release()
    }
  } catch (error) {
    await pool.end()
    throw error
  }
}

async function openPrisma(pool: pg.Pool): Promise<PrismaClient> {
  const [{ PrismaClient }, { PrismaPg }] = await Promise.all([
    import('../generated/client.ts'),
    import('@prisma/adapter-pg'),
  ])
  return new PrismaClient({ adapter: new PrismaPg(pool) })
}
