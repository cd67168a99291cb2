import type pg from 'pg'
import type { Database, TransactionOptions } from '../connection/database.ts'
import { prepared, run } from '../connection/prepared.ts'
import { alive, schedulable } from './conditions.ts'
import { LedgerError } from './errors.ts'
import type { Columns } from './rows.ts'

/**
 * Length of a leader's term. The leader renews it every 3 s, so two renewals may fail before another coordinator takes
 * over.
 */
export const term = "interval '10 seconds'"

/**
 * SQL: the end of a term that starts at this moment. Unless the clock was set back, no stored term ends later.
 * `now()` is too early for this test: it is the start of the statement, and the leader may have renewed its term while
 * the statement waited for the row.
 */
export const latestTermEnd = `clock_timestamp() + ${term}`

/**
 * SQL: the term in row l has ended. If the term ends later than a term that starts now would end, the clock has been
 * set back since the term was stored. The term then counts as ended, because otherwise a dead leader would lead until
 * the clock has caught up.
 */
const termEnded = `(l.until <= now() or l.until > ${latestTermEnd})`

/**
 * SQL: whether an open sweep needs a kernel newer than version $k, and a process with a newer kernel could lead. If so,
 * a leading coordinator with version $k steps down, because the newer process can handle all sweeps.
 */
export const isOutdated = (k: string): string =>
  `(exists (select from farm.worker w where w.kind <> 'worker' and w.kernel > ${k} and ${alive('w')})
    and exists (select from farm.sweep s where ${schedulable('s')} and s.open > 0 and s.kernel > ${k}))`

export interface Candidate extends Columns<'Leader', 'holder' | 'kind'> {
  readonly kernel: number
}

/**
 * Takes over leadership if the term has ended, and returns the new epoch. Returns null if another coordinator leads. It
 * also returns null if another coordinator should lead because its kernel is newer. Each take-over has a new epoch, so
 * that writes of a former leader with an old epoch are refused.
 */
export async function acquireLeadership({ pool }: Database, { holder, kind, kernel }: Candidate) {
  const { rows } = await pool.query<Columns<'Leader', 'epoch'>>(
    // This lock waits until all writes of the last leader are over, because each write locks the key of the row (`for
    // key share`).
    `with ended as materialized (select from farm.leader l where l.id = 1 and ${termEnded} for update)
     insert into farm.leader as l (id, holder, kind, epoch, until)
     select 1, $1, $2, 1, now() + ${term}
      where not ${isOutdated('$3::int')}
        and ((select count(*) from ended) > 0 or not exists (select from farm.leader where id = 1))
     on conflict (id) do update set holder = $1, kind = $2, epoch = l.epoch + 1, until = now() + ${term}
       where ${termEnded}
     returning epoch`,
    [holder, kind, kernel],
  )
  const epoch = rows[0]?.epoch ?? null
  // The leading coordinator queries the live workers many times a second. Without statistics, the planner would read
  // all workers that ever existed.
  if (epoch !== null) await pool.query('analyze farm.worker')
  return epoch
}

/**
 * Renews the term. Returns false if another coordinator leads. An expired term that no other coordinator has taken is
 * renewed too.
 */
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
 * The epoch for transactions of a process that does not lead. While such a transaction runs, the leader cannot write.
 * Real epochs start at 1.
 */
export const leaderBlockingEpoch = 0

/**
 * Runs a transaction as the leader of this epoch. Throws LEADERSHIP_LOST if the term is over. A take-over waits for the
 * transaction, but a renewal does not. The leader can therefore renew its term during a long transaction. If the leader
 * freezes during the transaction, idle_in_transaction_session_timeout ends the transaction. With `leaderBlockingEpoch`,
 * no leader writes during the transaction. A transaction that deadlocks with another one is repeated.
 */
export function asLeader<T>(
  database: Database,
  epoch: number,
  work: (client: pg.PoolClient) => Promise<T>,
  options: Pick<TransactionOptions, 'keepsPlans' | 'durable'> = {},
): Promise<T> {
  return database.transaction(
    async (client) => {
      if (epoch === leaderBlockingEpoch) {
        await blockLeader(client)
        return work(client)
      }
      const { rowCount } = await run(client, lockEpochQuery, [epoch])
      if (rowCount === 0)
        throw new LedgerError(
          'LEADERSHIP_LOST',
          `this coordinator no longer leads: its term (epoch ${epoch}) has ended`,
        )
      return work(client)
    },
    { retry: 'conflicts', ...options },
  )
}

const lockEpochQuery = prepared('select from farm.leader where id = 1 and epoch = $1 and until > now() for key share')

/** Until the end of the transaction, no leader can write and no coordinator can take over. */
export async function blockLeader(client: pg.PoolClient): Promise<void> {
  await client.query(
    `insert into farm.leader (id, holder, kind, epoch, until) values (1, '', '', $1, '-infinity')
     on conflict (id) do nothing`,
    [leaderBlockingEpoch],
  )
  await client.query('select from farm.leader where id = 1 for update')
}
