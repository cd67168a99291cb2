import { type Cell, type Demand, demandOf } from '@driftfarm/spec'
import type { Database } from '../database.ts'
import { type CellModel, type Columns, columns, type DemandModel } from '../rows.ts'
import { driven, mayGoOn, waits, wants } from './driven.ts'
import { leading } from './leadership.ts'
import { isOut, may } from './states.ts'
import { stepsAtMost, summandsOf } from './work.ts'
import type { BatchJob } from './workLedger.ts'

/** A cell of a sweep of which trials may be handed out. */
export interface OpenCell
  extends Columns<DemandModel, 'index' | 'target'>,
    Columns<CellModel, 'next' | 'secondsPerTrial'> {
  /** Id of the cell. */
  readonly cell: CellModel['id']
  /** Trials below this index are wanted now: the number of trials, or the next check point. */
  readonly target: number
  /** Trials below this index are handed out. */
  readonly next: number
  /** Largest number of steps of a trial, including all descents. */
  readonly steps: number
  readonly dimension: number
  /** Number of summands of loss and gradient. */
  readonly summands: number
  readonly marks: number
  /** Number of batches of the cell that are out. */
  readonly out: number
  /** What all sweeps ask of the cell, since batches must not straddle their boundaries. */
  readonly demands: readonly Pick<Demand, 'trials' | 'until' | 'record' | 'contrasts'>[]
}

/**
 * The first open cells of a sweep that have trials to hand out. Cells are fed in order, so an open cell that is not at
 * the front has not been touched: reading the front is enough, however many cells there are. `ahead`: include cells
 * that are fed up to their check point, for threads that would otherwise be idle.
 */
export async function openCells(
  { pool }: Database,
  sweepId: string,
  { front, kernel, ahead }: { readonly front: number; readonly kernel: number; readonly ahead: boolean },
): Promise<OpenCell[]> {
  const { rows } = await pool.query<
    Omit<OpenCell, 'steps' | 'dimension' | 'summands'> & Columns<CellModel, 'canonical'>
  >(
    `select d.cell_id as cell, ${columns<DemandModel>('d', 'index', 'target')},
            ${columns<CellModel>('c', 'next', 'secondsPerTrial', 'canonical')}, cardinality(c.marks) as marks,
            (select count(*)::int from farm.batch b where b.cell_id = c.id and ${isOut('b')}) as out,
            (select jsonb_agg(distinct jsonb_build_object(
                      'trials', s.demand -> 'trials', 'until', s.demand -> 'until',
                      'replicas', s.demand -> 'replicas', 'record', s.demand -> 'record',
                      'contrasts', coalesce(s.demand -> 'contrasts', '[]')))
               from farm.demand o join farm.sweep s on s.id = o.sweep_id where o.cell_id = c.id) as demands
       from (select d.* from farm.demand d join farm.sweep s on s.id = d.sweep_id
              where d.sweep_id = $1 and d.state = 'open' and not ${waits('d', 's')} order by d.index limit $2) d
       join farm.sweep s on s.id = d.sweep_id
       join farm.cell c on c.id = d.cell_id
      where c.kernel <= $3 and (c.next < d.target or ($4 and ${mayGoOn('s')} and d.stopped is null))
      order by d.index`,
    [sweepId, front, kernel, ahead],
  )
  return rows.map(({ canonical, ...row }) => {
    const cell = JSON.parse(canonical) as Cell
    const demands = row.demands.map((demand) => demandOf(demand as Demand, cell.method.kind))
    return {
      ...row,
      demands,
      steps: stepsAtMost(cell),
      dimension: cell.landscape.dimension,
      summands: summandsOf(cell),
    }
  })
}

/** New batches of a cell: contiguous ranges of trials that start at `from`. */
export interface HandOut {
  readonly cell: string
  readonly from: number
  readonly counts: readonly number[]
}

/**
 * Hands batches out: advances `next` of the cells and inserts the batches, under the row locks of the cells. Skips
 * cells of which another leader has handed out trials meanwhile. The jobs are added to the queue later, by the leader
 * of that time (`unqueued`). Returns the number of batches.
 */
export async function handOut(
  database: Database,
  epoch: number,
  sweepId: string,
  plan: readonly HandOut[],
): Promise<number> {
  return leading(database, epoch, async (client) => {
    const { rows } = await client.query<Columns<CellModel, 'id' | 'next'>>(
      'select id, next from farm.cell where id = any($1) order by id for no key update',
      [plan.map(({ cell }) => cell)],
    )
    const next = new Map(rows.map((row) => [row.id, row.next]))
    const due = plan.filter(({ cell, from }) => next.get(cell) === from)
    const batches = due.flatMap(({ cell, from, counts }) => {
      let at = from
      return counts.map((count) => {
        const first = at
        at += count
        return { cell, first, count, end: at }
      })
    })
    if (batches.length === 0) return 0
    await client.query(
      `insert into farm.batch (cell_id, first, count) select * from unnest($1::text[], $2::bigint[], $3::bigint[])`,
      [batches.map(({ cell }) => cell), batches.map(({ first }) => first), batches.map(({ count }) => count)],
    )
    await client.query(
      `update farm.cell c set next = u.next
         from (select cell_id, max(next) as next from unnest($1::text[], $2::bigint[]) u (cell_id, next) group by 1) u
        where c.id = u.cell_id`,
      [batches.map(({ cell }) => cell), batches.map(({ end }) => end)],
    )
    await client.query(`update farm.sweep s set state = 'running' where s.id = $1 and ${may('s', 'handOut')}`, [
      sweepId,
    ])
    return batches.length
  })
}

/** Batches that are ready and wanted and have no job yet, because they are new or must be computed again. */
export async function unqueued({ pool }: Database, kernel: number, limit: number): Promise<BatchJob[]> {
  const { rows } = await pool.query<BatchJob>(
    `select b.cell_id as cell, b.first, b.count, b.generation
       from farm.batch b join farm.cell c on c.id = b.cell_id
      where b.state = 'ready' and b.fed_at is null and c.kernel <= $1
        and exists (select from farm.demand d join farm.sweep s on s.id = d.sweep_id
                     where d.cell_id = b.cell_id and ${driven('s')} and ${wants('d', 's', 'b.first')})
      limit $2`,
    [kernel, limit],
  )
  return rows
}

/**
 * Marks batches after their jobs were added. If the process crashes in between, the jobs are added again under the same
 * ids, which has no effect.
 */
export async function markQueued(database: Database, epoch: number, jobs: readonly BatchJob[]): Promise<void> {
  await leading(database, epoch, async (client) => {
    await client.query(
      `update farm.batch b set fed_at = now()
         from unnest($1::text[], $2::bigint[], $3::int[]) j (cell_id, first, generation)
        where b.cell_id = j.cell_id and b.first = j.first and b.generation = j.generation and b.fed_at is null`,
      [jobs.map(({ cell }) => cell), jobs.map(({ first }) => first), jobs.map(({ generation }) => generation)],
    )
  })
}
