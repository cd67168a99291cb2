import type pg from 'pg'
import type { Database } from '../database.ts'
import type { Columns, LeaderModel } from '../rows.ts'
import { LedgerError } from './errors.ts'

/** Renewed every 3 s: two renewals may fail before another takes over. */
export const term = "interval '10 seconds'"

/**
 * A term that ends later than any that begins now is of a clock that was set back since, and over: else a dead leader
 * would lead until the clock is where it was.
 */
const over = `(l.until <= now() or l.until > now() + ${term})`

/**
 * The epoch if `holder` leads now, else null. A new epoch for each take-over: what an old leader still writes has the
 * old one.
 */
export async function acquireLeadership({ pool }: Database, holder: string, kind: string): Promise<number | null> {
  const { rows } = await pool.query<Columns<LeaderModel, 'epoch'>>(
    `insert into farm.leader as l (id, holder, kind, epoch, until) values (1, $1, $2, 1, now() + ${term})
     on conflict (id) do update set holder = $1, kind = $2, epoch = l.epoch + 1, until = now() + ${term}
       where ${over}
     returning epoch`,
    [holder, kind],
  )
  return rows[0]?.epoch ?? null
}

/** False: another leads. A term that ran out but that nobody took goes on. */
export async function renewLeadership({ pool }: Database, epoch: number): Promise<boolean> {
  const { rowCount } = await pool.query(`update farm.leader set until = now() + ${term} where id = 1 and epoch = $1`, [
    epoch,
  ])
  return rowCount === 1
}

export async function releaseLeadership({ pool }: Database, epoch: number): Promise<void> {
  await pool.query(`update farm.leader set until = '-infinity' where id = 1 and epoch = $1`, [epoch])
}

/**
 * Every feed, settle and state write is such a transaction. The share lock makes a take-over wait for the write; a
 * leader that was frozen in between is cut off by idle_in_transaction_session_timeout. Throws LEADERSHIP_LOST.
 */
export function leading<T>(database: Database, epoch: number, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  return database.transaction(async (client) => {
    const { rowCount } = await client.query(
      'select from farm.leader where id = 1 and epoch = $1 and until > now() for share',
      [epoch],
    )
    if (rowCount === 0) throw new LedgerError('LEADERSHIP_LOST', `epoch ${epoch} is over`)
    return work(client)
  })
}
