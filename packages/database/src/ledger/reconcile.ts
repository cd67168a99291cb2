import type { Database } from '../database.ts'
import { alive } from './driven.ts'
import { requireLeadership } from './leadership.ts'
import { limits } from './limits.ts'
import type { BatchJob } from './workLedger.ts'

/** What of a batch the queue is asked about. */
export interface OutBatch extends BatchJob {
  readonly state: 'ready' | 'leased'
}

/**
 * Leases that ended without a word: the worker is dead, or the time is far beyond the worker's own deadline (20 times
 * the calibration). They count against the batch; at twenty it is given up.
 */
export async function reclaim(database: Database, epoch: number): Promise<number> {
  return database.transaction(async (client) => {
    await requireLeadership(client, epoch)
    const { rowCount } = await client.query(
      `with lost as (
         select b.cell_id, b.first, b.worker_id, ${alive('w')} as late
           from farm.batch b join farm.cell c on c.id = b.cell_id left join farm.worker w on w.id = b.worker_id
          where b.state = 'leased'
            and (w.id is null or not ${alive('w')}
              or b.started_at < now() - make_interval(secs => greatest(120, 40 * b.count * coalesce(c.seconds_per_trial, 3600))))
            for update of b skip locked
       ), vanished as (
         update farm.batch b
            set vanished = vanished + 1, generation = generation + 1, fed_at = null,
                state = case when vanished + 1 >= $1 then 'failed' else 'ready' end
           from lost where b.cell_id = lost.cell_id and b.first = lost.first
         returning b.cell_id, b.first, b.count, b.generation, lost.worker_id, lost.late)
       insert into farm.failure (cell_id, first, count, generation, worker_id, kind, message)
       select cell_id, first, count, generation - 1, worker_id, 'vanished',
              case when late then 'not finished long after its deadline' else 'its worker fell silent' end from vanished`,
      [limits.vanished],
    )
    return rowCount ?? 0
  })
}

/**
 * Batches that should have a job in the queue: ready ones added a while ago, and leased ones that take long though their
 * worker lives (it may have forgotten them).
 */
export async function expectedInQueue({ pool }: Database, olderThanMs: number): Promise<OutBatch[]> {
  const { rows } = await pool.query<OutBatch>(
    `select b.cell_id as cell, b.first, b.count, b.generation, b.state
       from farm.batch b join farm.cell c on c.id = b.cell_id
      where (b.state = 'ready' and b.fed_at < now() - make_interval(secs => $1 / 1000.0))
         or (b.state = 'leased' and b.started_at < now() - make_interval(secs => greatest(30, 5 * b.count * coalesce(c.seconds_per_trial, 60))))
      limit 10000`,
    [olderThanMs],
  )
  return rows
}

/** The queue has lost their jobs: they get new ones under the next generation. */
export async function requeue(database: Database, epoch: number, batches: readonly OutBatch[]): Promise<number> {
  return database.transaction(async (client) => {
    await requireLeadership(client, epoch)
    const { rowCount } = await client.query(
      `update farm.batch b
          set generation = b.generation + 1, fed_at = null, state = 'ready',
              vanished = b.vanished + case when b.state = 'leased' then 1 else 0 end
         from unnest($1::text[], $2::bigint[], $3::int[], $4::text[]) j (cell_id, first, generation, state)
        where b.cell_id = j.cell_id and b.first = j.first and b.generation = j.generation and b.state = j.state`,
      [
        batches.map(({ cell }) => cell),
        batches.map(({ first }) => first),
        batches.map(({ generation }) => generation),
        batches.map(({ state }) => state),
      ],
    )
    return rowCount ?? 0
  })
}
