import type { Demand, SweepState } from '@driftfarm/spec'
import { type Database, lookUp } from '../connection/database.ts'
import { prepared } from '../connection/prepared.ts'
import { alive, displayedState, live } from '../ledger/conditions.ts'
import { leadingEstimate, type WidestInterval } from '../ledger/counters.ts'
import { LedgerError } from '../ledger/errors.ts'
import { type Columns, columns, type SweepModel } from '../ledger/rows.ts'
import { type FarmState, farmState, presence } from './presence.ts'

export interface SweepStatus extends Columns<SweepModel, 'id' | 'name'> {
  readonly state: SweepState
  /** The reason for this state; null if no explanation is needed. */
  readonly reason: SweepModel['reason']
  readonly cells: { readonly done: number; readonly open: number; readonly failed: number }
  /**
   * `done`: the trials that count in results. `requested`: the requested trials, or the maximum number if a stopping
   * rule may end cells earlier.
   */
  readonly trials: { readonly done: number | bigint; readonly requested: number | bigint }
  readonly batches: { readonly ready: number; readonly leased: number; readonly done: number; readonly failed: number }
  /** Number of escapes so far. */
  readonly events: number | bigint
  /** Number of steps so far, as decimal text. */
  readonly steps: string
  /** The cell in which the leading estimate (`estimate`) has the largest relative half-width (`relative`). */
  readonly worst: { readonly cell: number; readonly estimate: string; readonly relative: number } | null
  readonly stopsByRule: boolean
  /** Number of cells that met no rule, but ended at their maximum number of trials or when the budget was spent. */
  readonly rulesUnmet: number
  readonly workers: number
  readonly threads: number
  /**
   * The state of the farm; null if the sweep does not wait for the farm, because it is paused, interrupted or ended, or
   * is computed by a `run` process.
   */
  readonly farm: FarmState | null
}

interface Row extends Omit<SweepStatus, 'trials' | 'worst' | 'farm'> {
  readonly demand: Demand
  readonly trials: number | bigint
  readonly requested: number | bigint
  readonly widest: WidestInterval | null
  readonly farmed: boolean
}

/** The status of a sweep, read from its counters and the dispatched work, however many cells it has. */
export async function sweepStatus(database: Database, sweepId: string): Promise<SweepStatus> {
  const { rows } = await lookUp<Row>(database.pool, statusQuery, [sweepId])
  const [row] = rows
  if (row === undefined) throw new LedgerError('SWEEP_NOT_FOUND', `no sweep ${sweepId}`)
  const { demand, trials, requested, widest, farmed, ...rest } = row
  const { done, open, failed } = row.cells
  const estimate = leadingEstimate(demand)
  const worst = done + open + failed <= fewCells ? await widestIntervalNow(database, sweepId, estimate) : widest
  return {
    ...rest,
    trials: { done: trials, requested },
    farm: farmed ? farmState(await presence(database, sweepId)) : null,
    worst: worst === null ? null : { ...worst, estimate },
  }
}

const statusQuery = prepared(`
  select ${columns<SweepModel>('s', 'id', 'name')}, ${displayedState('s')} as state,
         ${columns<SweepModel>('s', 'reason', 'demand', 'trials', 'events')}, s.steps::text as steps,
         s.unmet as "rulesUnmet", s.worst as widest, w.*,
         case when s.demand ->> 'trials' is null and s.open = 0 then s.trials
              else s.max_trials::bigint end as requested,
         s.demand ->> 'trials' is null as "stopsByRule",
         s.runner is null and ${live('s')} as farmed,
         json_build_object('done', s.done, 'open', s.open, 'failed', s.failed) as cells,
         json_build_object('ready', b.ready, 'leased', b.leased, 'done', s.batches, 'failed',
           (select count(*) from farm.pending p
             cross join lateral (
               select from farm.request d where d.cell_id = p.cell_id and d.sweep_id = s.id limit 1) d
             where p.state = 'failed')) as batches
    from farm.sweep s
    cross join lateral (
      select count(*) filter (where u.worker_id is null) as ready,
             count(*) filter (where u.worker_id is not null) as leased
        from farm.bundle u join farm.pending p on p.bundle = u.id where u.sweep_id = s.id) b
    cross join (select count(*)::int as workers, coalesce(sum(threads), 0)::int as threads
                  from farm.worker w where ${alive('w')} and kind <> 'coordinator') w
   where s.id = $1`)

/**
 * If a sweep has at most this many cells, all of them are compared to find the widest interval. For a larger sweep, it
 * is read from the counters of the sweep. They keep only one cell. If the interval of this cell becomes narrower, the
 * counters may miss the cell that now has the widest interval.
 */
const fewCells = 1_000

async function widestIntervalNow(
  { pool }: Database,
  sweepId: string,
  estimate: string,
): Promise<WidestInterval | null> {
  const { rows } = await pool.query<WidestInterval>(
    `select index as cell, ((e ->> 'high')::float8 - (e ->> 'low')::float8) / 2 / (e ->> 'value')::float8 as relative
       from farm.request cross join lateral (select estimates -> $2 as e) x
      where sweep_id = $1 and (e ->> 'value')::float8 > 0
      order by relative desc limit 1`,
    [sweepId, estimate],
  )
  return rows[0] ?? null
}
