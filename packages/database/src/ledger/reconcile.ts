import type { OutState } from '@driftfarm/spec'
import type { Database } from '../database.ts'
import type { BatchModel, Columns } from '../rows.ts'
import { leading } from './leadership.ts'
import { limits } from './limits.ts'
import type { BatchJob } from './workLedger.ts'

/** A batch that is out: it has a job in the queue, or is leased. */
export interface OutBatch extends BatchJob, Columns<BatchModel, 'state' | 'attempts', { state: OutState }> {
  /** Rises with every lease. If it, generation and state are unchanged, nothing has happened to the batch. */
  readonly attempts: BatchModel['attempts']
  /** Thread time in seconds that the batch should take; null before the first batch of its cell. */
  readonly seconds: number | null
}

/**
 * Batches that are out: at most 10,000, ten times as many as a leader hands out. How long they have been out is
 * measured by the leader's own clock.
 */
export async function outBatches({ pool }: Database): Promise<OutBatch[]> {
  const { rows } = await pool.query<OutBatch>(
    `select b.cell_id as cell, b.first, b.count, b.generation, b.state, b.attempts,
            b.count * c.seconds_per_trial as seconds
       from farm.batch b join farm.cell c on c.id = b.cell_id
      where (b.state = 'ready' and b.fed_at is not null) or b.state = 'leased'
      limit 10000`,
  )
  return rows
}

/**
 * Ends leases whose worker is dead (`lost`, by the leader's clock) or far beyond its own deadline (`late`). Each such
 * end counts against the batch, which is given up at the twentieth.
 */
export async function reclaim(
  database: Database,
  epoch: number,
  { lost, late }: { readonly lost: readonly string[]; readonly late: readonly OutBatch[] },
): Promise<number> {
  return leading(database, epoch, async (client) => {
    const { rowCount } = await client.query(
      `with late as (
         select * from unnest($3::text[], $4::bigint[], $5::int[], $6::int[]) l (cell_id, first, generation, attempts)
       ), lost as (
         select b.cell_id, b.first, b.worker_id,
                w.id is not null and w.state <> 'gone' and w.id <> all($2::text[]) as late
           from farm.batch b left join farm.worker w on w.id = b.worker_id
          where b.state = 'leased'
            and (w.id is null or w.state = 'gone' or w.id = any($2::text[])
              or (b.cell_id, b.first, b.generation, b.attempts)
                   in (select cell_id, first, generation, attempts from late))
            for update of b skip locked
       ), vanished as (
         update farm.batch b
            set vanished = vanished + 1, generation = generation + 1, fed_at = null,
                state = case when vanished + 1 >= $1 then 'failed' else 'ready' end
           from lost where b.cell_id = lost.cell_id and b.first = lost.first
         returning b.cell_id, b.first, b.count, b.generation, lost.worker_id, lost.late)
       insert into farm.failure (cell_id, first, count, generation, worker_id, kind, message)
       select cell_id, first, count, generation - 1, worker_id, 'vanished',
              case when late then 'not finished long after its deadline' else 'its worker fell silent' end
         from vanished`,
      [
        limits.vanished,
        lost,
        late.map(({ cell }) => cell),
        late.map(({ first }) => first),
        late.map(({ generation }) => generation),
        late.map(({ attempts }) => attempts),
      ],
    )
    return rowCount ?? 0
  })
}

/** Gives batches whose jobs the queue has lost a new generation, so that they get new jobs. */
export async function requeue(database: Database, epoch: number, batches: readonly OutBatch[]): Promise<number> {
  return leading(database, epoch, async (client) => {
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
