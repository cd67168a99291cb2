import { type Cell, type Demand, demandOf } from '@driftfarm/spec'
import type { Database } from '../database.ts'
import { type CellModel, type Columns, columns, type DemandModel } from '../rows.ts'
import { driven, mayGoOn, waits, wants } from './driven.ts'
import { leading } from './leadership.ts'
import { isOut, may } from './states.ts'
import { stepsAtMost, summandsOf } from './work.ts'
import type { BatchJob } from './workLedger.ts'

/** A cell of a sweep that may be fed. */
export interface OpenCell
  extends Columns<DemandModel, 'index' | 'target'>,
    Columns<CellModel, 'next' | 'secondsPerTrial'> {
  /** Its id. */
  readonly cell: CellModel['id']
  /** Up to here trials are wanted now: the budget, or the next check point. */
  readonly target: number
  /** Handed out so far: [0, next). */
  readonly next: number
  /** At most, with all descents. */
  readonly steps: number
  readonly dimension: number
  /** Of loss and gradient. */
  readonly summands: number
  readonly marks: number
  /** Batches of the cell that are out. */
  readonly out: number
  /** What all sweeps ask of the cell: where batches must not straddle. */
  readonly demands: readonly Pick<Demand, 'trials' | 'until' | 'record' | 'contrasts'>[]
}

/**
 * The first open cells of a sweep that have something to hand out. Cells are fed in order, so whatever is open and
 * not at the front is untouched: a look at the front is enough however many cells there are. `ahead`: also cells that
 * are fed up to their check point, for threads that would idle.
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
            (select jsonb_agg(distinct jsonb_build_object('trials', s.demand -> 'trials', 'until',
            s.demand -> 'until', 'replicas', s.demand -> 'replicas', 'record', s.demand -> 'record',
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

/** New batches of a cell: contiguous from `from`. */
export interface HandOut {
  readonly cell: string
  readonly from: number
  readonly counts: readonly number[]
}

/**
 * Under the cells' row locks: advances `next` and inserts the batches. What another feed has handed out in between is
 * left out. Their jobs are added to the queue afterwards, by whoever leads then (`unqueued`). Returns how many.
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

/** Batches that are ready, wanted, and have no job yet: just handed out, or to be handed out again. */
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

/** After they were added: a crash in between adds them once more, under the same ids, which does nothing. */
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
