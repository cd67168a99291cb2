import type { ReusedData, StatusData } from '@driftfarm/report'
import { type Database, lookUp } from '../connection/database.ts'
import { prepared } from '../connection/prepared.ts'
import { alive, displayedState, live, method, requestsTrials } from '../ledger/conditions.ts'
import { leadingEstimate, type Measured, widestIntervalNow, withPrecision } from '../ledger/counters.ts'
import { LedgerError } from '../ledger/errors.ts'
import { columns } from '../ledger/rows.ts'
import { type FarmState, farmState, presence } from './presence.ts'

export interface SweepStatus extends Omit<StatusData, 'farm'> {
  /** Null if the sweep does not wait for the farm. */
  readonly farm: FarmState | null
}

interface Row extends Omit<StatusData, 'worst' | 'farm' | 'precision' | 'reused'>, Measured {
  readonly reused: ReusedData | null
  readonly about: object
  readonly farmed: boolean
}

/** The status of a sweep, read from its counters and the dispatched work, however many cells it has. */
export async function sweepStatus(database: Database, sweepId: string): Promise<SweepStatus> {
  const { rows } = await lookUp<Row>(database.pool, statusQuery, [sweepId])
  const [row] = rows
  if (row === undefined) throw new LedgerError('SWEEP_NOT_FOUND', `no sweep ${sweepId}`)
  const { farmed, about, reused: found, ...rest } = row
  const { done, open, failed } = row.cells
  const isSmall = done + open + failed <= fewCells
  const worst = isSmall ? await widestIntervalNow(database.pool, sweepId, leadingEstimate(row.demand)) : row.worst
  const farm = farmed ? farmState(await presence(database, sweepId)) : null
  return { ...withPrecision({ ...rest, worst }), ...about, farm, ...(found && { reused: found }) }
}

/** SQL: what a sweep reuses, with those of its sources that still exist. */
const reused = (column: string): string => `jsonb_set(${column}::jsonb, '{from,sweeps}', (
  select coalesce(jsonb_agg(u.it order by u.place), '[]')
    from jsonb_array_elements(${column}::jsonb #> '{from,sweeps}') with ordinality u (it, place)
   where exists (select from farm.sweep o where o.id = u.it ->> 'id')))`

const statusQuery = prepared(`
  select ${columns<'Sweep'>('s', 'id', 'name')}, ${displayedState('s')} as state,
         ${columns<'Sweep'>('s', 'reason', 'demand')}, s.events::text as events, s.steps::text as steps,
         s.unmet as "rulesUnmet", w.*, ${reused('s.reused')} as reused,
         ${columns<'Sweep'>('s', 'measured', 'precise', 'widest', 'worst')}, coalesce(s.own_tags, s.tags) as tags,
         json_strip_nulls(json_build_object('title', s.title, 'notes', s.notes, 'method', ${method('s')})) as about,
         json_build_object('done', s.trials::text, 'requested',
           case when s.demand ->> 'trials' is null and s.open = 0 then s.trials else s.max_trials end::text) as trials,
         s.demand ->> 'trials' is null as "stopsByRule",
         s.runner is null and ${live('s')} as farmed,
         json_strip_nulls(json_build_object('done', s.done, 'open', s.open, 'failed', s.failed, 'unvisited',
           case when s.demand -> 'until' ? 'threshold' then (
             select count(*) from farm.request d
              where d.sweep_id = s.id and d.state = 'done' and not ${requestsTrials('d')}) end)) as cells,
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
 * counters may miss the cell that now has the widest interval, until the sweep ends.
 */
const fewCells = 1_000
