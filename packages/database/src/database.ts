import type pg from 'pg'
import { watchedPool } from './client.ts'
import { parseUrl, unreachable } from './connect.ts'
import type { PrismaClient } from './generated/client.ts'
import { retrying } from './retry.ts'
import { type Silence, statementMs } from './silence.ts'
import { values } from './values.ts'

export interface DatabaseOptions {
  readonly url: string
  /** Connections at most; Prisma's are among them. */
  readonly max?: number
  /** Refuses writes. */
  readonly readOnly?: boolean
  /** Shown in pg_stat_activity. */
  readonly name?: string
  /** When a connection that does not answer is given up; `silence.ts` has the defaults. */
  readonly silence?: Partial<Silence>
  /** Connecting, or waiting for a connection of the pool, fails after this; 10 s. */
  readonly connectMs?: number
}

export interface TransactionOptions {
  /**
   * Try again by the retry table. Only for idempotent work: a commit whose answer was lost may have happened. true:
   * for 30 s; a number: for so many milliseconds.
   */
  readonly retry?: boolean | number
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable'
}

export interface Database {
  readonly url: string
  /** int8 comes as number where safe, else bigint; numeric as string. */
  readonly pool: pg.Pool
  /**
   * Reads and writes whole rows of the control plane, on the same pool. Loading it takes 0.25 s of a processor, as long
   * as half a command, and each statement 1 ms, so it is loaded when first asked for, and nothing asks for it on the
   * way to the first answer of a command. It has this machine's clock (`now()` of the schema, too) and floats that lose
   * bits from 1e15 on: times and outcomes are not for it, nor is what must hold a lock, since a transaction of
   * `transaction` is none of its own.
   */
  prisma(): Promise<PrismaClient>
  transaction<T>(work: (client: pg.PoolClient) => Promise<T>, options?: TransactionOptions): Promise<T>
  /** Gives every connection up and begins with new ones; what is under way fails as retryable. */
  renew(): void
  close(): Promise<void>
}

const defaults = {
  max: 8,
  /** Postgres' own default waits for ever. */
  connectMs: 10_000,
  /** A process that was frozen or cut off within a transaction must not hold its locks. */
  idle_in_transaction_session_timeout: 10_000,
  retryLimitMs: 30_000,
} as const

/** Opens a pool; fails here, not later, when the server cannot be reached. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { url, max = defaults.max, readOnly = false, name = 'driftfarm' } = options
  const pool = watchedPool({
    ...parseUrl(url),
    max,
    connectionTimeoutMillis: options.connectMs ?? defaults.connectMs,
    statement_timeout: statementMs,
    idle_in_transaction_session_timeout: defaults.idle_in_transaction_session_timeout,
    silence: options.silence,
    application_name: name,
    types: values,
    ...(readOnly ? { options: '-c default_transaction_read_only=on' } : {}),
  })
  try {
    await pool.query('select 1')
  } catch (error) {
    await pool.end()
    throw unreachable(url, error)
  }
  let prisma: Promise<PrismaClient> | undefined
  let closed: Promise<void> | undefined
  return {
    url,
    pool,
    prisma() {
      prisma ??= openPrisma(pool)
      return prisma
    },
    transaction(work, { retry = false, isolation = 'read committed' } = {}) {
      const once = () => transact(pool, isolation, work)
      if (retry === false) return once()
      return retrying(once, retry === true ? defaults.retryLimitMs : retry)
    },
    renew: () => pool.giveUp(),
    close() {
      closed ??= (async () => {
        if (prisma !== undefined) await (await prisma).$disconnect()
        await pool.end()
      })()
      return closed
    },
  }
}

async function transact<T>(pool: pg.Pool, isolation: string, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query(`begin isolation level ${isolation}`)
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    // Where even the rollback fails, the connection is of no more use.
    await client.query('rollback').catch((failure: Error) => {
      broken = failure
    })
    throw error
  } finally {
    client.release(broken)
  }
}

async function openPrisma(pool: pg.Pool): Promise<PrismaClient> {
  const [{ PrismaClient }, { PrismaPg }] = await Promise.all([
    import('./generated/client.ts'),
    import('@prisma/adapter-pg'),
  ])
  return new PrismaClient({ adapter: new PrismaPg(pool) })
}
