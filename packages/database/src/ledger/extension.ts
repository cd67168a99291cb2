import type { Demand, Method } from '@driftfarm/spec'
import type { Estimate } from '@driftfarm/statistics'
import type { Database } from '../database.ts'
import type { Columns, DemandModel, SweepModel } from '../rows.ts'
import { extendedBy, type Looked } from './extended.ts'

/** The effect on a sweep's intervals of asking for more trials after the first ones were seen. */
export interface Extension {
  /** Methods for whose cells intervals must hold at any number of trials from now on; never empty. */
  readonly methods: readonly Method['kind'][]
  /** Whether this was the case already. */
  readonly already: boolean
  /** Number of cells of the sweep. */
  readonly cells: number
  /**
   * The first of its cells that has trials and a plain probability of escape, with its present estimate; null where
   * there is none.
   */
  readonly example: { readonly index: number; readonly trials: number; readonly escape: Estimate } | null
}

/**
 * The effect of submitting `next`; null where it widens no interval: the sweep is new, nobody has looked, or no more
 * trials are asked for. Writes nothing.
 */
export async function extensionOf({ pool }: Database, sweepId: string, next: Demand): Promise<Extension | null> {
  const { rows } = await pool.query<Looked & Columns<SweepModel, 'cells'>>(
    'select s.demand, s.extended, s.cells, s.looked from farm.sweep s where s.id = $1',
    [sweepId],
  )
  const known = rows[0]
  if (known === undefined || known.demand.trials === next.trials || next.trials === null) return null
  const methods = extendedBy(known, next) as Method['kind'][]
  if (methods.length === 0) return null
  const { rows: examples } = await pool.query<Columns<DemandModel, 'index' | 'trials'> & { escape: Estimate }>(
    `select d.index, d.trials, d.estimates -> 'escape' as escape
       from farm.demand d join farm.cell c on c.id = d.cell_id
      where d.sweep_id = $1 and c.method = 'direct' and d.trials > 0 and d.estimates -> 'escape' is not null
      order by (d.estimates #>> '{escape,value}')::float8 in (0, 1), d.index limit 1`,
    [sweepId],
  )
  const already = methods.every((method) => known.extended.includes(method))
  return { methods, already, cells: known.cells, example: examples[0] ?? null }
}
