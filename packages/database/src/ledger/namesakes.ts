import type { Database } from '../database.ts'
import type { CellModel, Columns, SweepModel } from '../rows.ts'
import { newest } from './newest.ts'

export interface Namesake extends Columns<SweepModel, 'id' | 'name' | 'cells'> {
  /** Whether the name refers to this sweep. */
  readonly newest: boolean
  readonly axes: readonly string[]
  /** The values of the swept paths in the first cell of the sweep; `canonical` is the canonical JSON of this cell. */
  readonly params: Readonly<Record<string, unknown>>
  readonly canonical: CellModel['canonical']
  /** Number of sweeps with this name. */
  readonly sharing: number
}

/** Maximum number of newest sweeps that are returned for each name. Comparing more sweeps is not worth the cost. */
const maxPerName = 5

/**
 * Sweeps that share their name with another sweep. For each name, only the newest few are returned, starting with the
 * sweep to which the name refers. If `of` is the id of a sweep, only sweeps with the name of this sweep
 * are returned, including the sweep itself, however old it is.
 */
export async function namesakes({ pool }: Database, of: string | null = null): Promise<Namesake[]> {
  const { rows } = await pool.query<Namesake>(
    `with named as (
       select s.id, s.name, s.cells, s.axes, ${newest('s')} as newest,
              count(*) over (partition by s.name)::int as sharing,
              row_number() over (partition by s.name order by s.submitted_at desc, s.id) as place
         from farm.sweep s
        where $1::text is null or s.name = (select name from farm.sweep where id = $1)
     )
     select s.id, s.name, s.newest, s.cells, s.axes, d.params, c.canonical, s.sharing
       from named s join farm.request d on d.sweep_id = s.id and d.index = 0 join farm.cell c on c.id = d.cell_id
      where s.sharing > 1 and (s.place <= ${maxPerName} or s.id = $1)
      order by s.name, s.place`,
    [of],
  )
  return rows
}
