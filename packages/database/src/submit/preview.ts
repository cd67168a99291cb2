import type { Demand, Method, Sweep } from '@driftfarm/spec'
import type { Estimate } from '@driftfarm/statistics'
import type { Database } from '../connection/database.ts'
import { limits } from '../ledger/limits.ts'
import type { Columns } from '../ledger/rows.ts'
import { chosenAfterInterimLook, endCriteriaOf, methods } from './endCriterion.ts'
import { hasSameEndCriterion } from './resetRequests.ts'
import { Reuse } from './reuse.ts'

/**
 * The stored trials of a sweep that may be new. `trials` gives, for each cell by index, the number of finished trials
 * before the first gap, whichever sweep requested them. `computed` is what a submission would have to compute, and
 * `reused` what it would reuse; null if nothing. If the sweep itself is stored, it is among the sweeps of `reused`, and
 * `extended` is 0: `extensionOf` tells whether its intervals would change.
 */
export async function storedTrialsOf({ pool }: Database, sweep: Sweep) {
  const trials = new Float64Array(sweep.cellCount)
  const reuse = new Reuse(pool, sweep)
  let from = 0
  let ids: string[] = []
  const look = async (): Promise<void> => {
    const indices = ids.map((_, place) => from + place)
    for (const { index, done } of await reuse.find(ids, indices)) trials[index] = done
    from += ids.length
    ids = []
  }
  for (const id of sweep.ids()) if (ids.push(id) === limits.cellsAtATime) await look()
  await look()
  const [reused, { rows }] = await Promise.all([
    reuse.reused(),
    pool.query('select from farm.sweep where id = $1', [sweep.id()]),
  ])
  return { trials, reused: reused && rows.length > 0 ? { ...reused, extended: 0 } : reused, computed: reuse.missing }
}

type EndedRow = Columns<'Request', 'index' | 'trials' | 'stopped', { stopped: Readonly<Record<string, unknown>> }>

/**
 * Returns the ended cells of the stored sweep. A cell ends, for example, by its stopping rule, at the maximum number of
 * trials, or because the budget is spent. `trials` gives the number of trials by cell index, and NaN for cells that
 * have not ended. `stopped` gives the rule that ended each cell, as plain JSON, for cells with an index below `most`.
 * If `sweep` has no stopping rule, or its request differs from the last request of the stored sweep, no cell is
 * returned.
 */
export async function endedCellsOf({ pool }: Database, sweep: Sweep, most: number) {
  const trials = new Float64Array(sweep.cellCount).fill(Number.NaN)
  const stopped = new Map<number, EndedRow['stopped']>()
  for (let from = 0; sweep.demand.until !== null && from < sweep.cellCount; from += limits.cellsAtATime) {
    const { rows } = await pool.query<Pick<EndedRow, 'index' | 'trials'> & Partial<EndedRow>>(
      `select d.index, d.trials, case when d.index < $5 then d.stopped end as stopped
         from farm.request d join farm.sweep s on s.id = d.sweep_id
        where s.id = $1 and s.demand = $2::jsonb and d.index >= $3 and d.index < $4
          and d.state = 'done' and d.stopped is not null`,
      [sweep.id(), JSON.stringify(sweep.demand), from, from + limits.cellsAtATime, most],
    )
    for (const row of rows) {
      trials[row.index] = row.trials
      if (row.index < most) stopped.set(row.index, row.stopped!)
    }
  }
  return { trials, stopped }
}

/** Only the first cells are read, at most this many. They are usually representative of the whole sweep. */
const maxCells = 1000

/**
 * How the intervals of a sweep change if `next` requests another number of trials or another stopping rule after
 * results could be read. Returns null if the intervals would not change: the sweep is new, none of its results can be
 * read yet, or its cells end as before. Writes nothing.
 */
export async function extensionOf({ pool }: Database, sweepId: string, next: Demand) {
  const { rows } = await pool.query<Columns<'Sweep', 'demand' | 'cells', { demand: Demand }>>(
    'select s.demand, s.cells from farm.sweep s where s.id = $1',
    [sweepId],
  )
  const known = rows[0]
  if (known === undefined) return null
  const changed = methods.filter((method) => !hasSameEndCriterion(method, known.demand, next))
  if (changed.length === 0) return null
  const { rows: looked } = await pool.query<{ method: Method['kind']; already: boolean }>(
    `select c.method, bool_and(d.extended) as already
       from farm.sweep s
       cross join lateral (select * from farm.request d where d.sweep_id = s.id and d.trials > 0
                            order by d.index limit ${maxCells}) d
       join farm.cell c on c.id = d.cell_id
       join unnest($2::text[], $3::bigint[], $4::jsonb[]) e (method, trials, until) on e.method = c.method
      where s.id = $1 and c.method = any($5)
        and ${chosenAfterInterimLook({ cell: 'd.cell_id', ending: 'e', sweep: 's' })}
      group by c.method order by c.method`,
    [sweepId, ...endCriteriaOf(next), changed],
  )
  if (looked.length === 0) return null
  const { rows: examples } = await pool.query<Columns<'Request', 'index' | 'trials'> & { escape: Estimate }>(
    `select d.index, d.trials, d.estimates -> 'escape' as escape
       from farm.request d join farm.cell c on c.id = d.cell_id
      where d.sweep_id = $1 and c.method = 'direct' and d.trials > 0 and d.estimates -> 'escape' is not null
      order by (d.estimates #>> '{escape,value}')::float8 in (0, 1), d.index limit 1`,
    [sweepId],
  )
  return {
    /** Methods whose cells now need intervals that are valid at any number of trials; never empty. */
    methods: looked.map(({ method }) => method),
    /** Whether all cells that now need such intervals already needed them before the change. */
    already: looked.every(({ already }) => already),
    /** Whether the change requests more trials, rather than fewer or another stopping rule. */
    more: next.trials !== null && (known.demand.trials ?? 0) <= next.trials,
    cells: known.cells,
    /**
     * A cell with the method `direct` that has trials, with its current estimate of escape. It is the first such cell
     * whose estimate is neither 0 nor 1, or else the first such cell; null if there is none.
     */
    example: examples[0] ?? null,
  }
}
