import type { Demand, Method } from '@driftfarm/spec'
import type { Estimate } from '@driftfarm/statistics'
import type { Database } from '../database.ts'
import type { Columns, RequestModel, SweepModel } from '../rows.ts'
import { chosenAfterInterimLook, endCriteriaOf, methods } from './endCriterion.ts'
import { hasSameEndCriterion } from './resetDemands.ts'

/**
 * How the intervals of a sweep change if another number of trials or another stopping rule is requested after results
 * could be read.
 */
export interface Extension {
  /** Methods whose cells now need intervals that are valid at any number of trials; never empty. */
  readonly methods: readonly Method['kind'][]
  /** Whether all cells that now need such intervals already needed them before the change. */
  readonly already: boolean
  /** Whether the change requests more trials, rather than fewer or another stopping rule. */
  readonly more: boolean
  readonly cells: number
  /**
   * A cell with the method `direct` that has trials, with its current estimate of escape. It is the first such cell
   * whose estimate is neither 0 nor 1, or else the first such cell; null if there is none.
   */
  readonly example: { readonly index: number; readonly trials: number; readonly escape: Estimate } | null
}

/** Only the first cells are read, at most this many. They are usually representative of the whole sweep. */
const maxCells = 1000

/**
 * The effect that submitting `next` would have on the intervals. Returns null if the intervals would not change: the
 * sweep is new, none of its results can be read yet, or its cells end as before. Writes nothing.
 */
export async function extensionOf({ pool }: Database, sweepId: string, next: Demand): Promise<Extension | null> {
  const { rows } = await pool.query<Columns<SweepModel, 'demand' | 'cells', { demand: Demand }>>(
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
  const { rows: examples } = await pool.query<Columns<RequestModel, 'index' | 'trials'> & { escape: Estimate }>(
    `select d.index, d.trials, d.estimates -> 'escape' as escape
       from farm.request d join farm.cell c on c.id = d.cell_id
      where d.sweep_id = $1 and c.method = 'direct' and d.trials > 0 and d.estimates -> 'escape' is not null
      order by (d.estimates #>> '{escape,value}')::float8 in (0, 1), d.index limit 1`,
    [sweepId],
  )
  return {
    methods: looked.map(({ method }) => method),
    already: looked.every(({ already }) => already),
    more: next.trials !== null && (known.demand.trials ?? 0) <= next.trials,
    cells: known.cells,
    example: examples[0] ?? null,
  }
}
