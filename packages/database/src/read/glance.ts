import { type Answer, glanceData, glanceGrid, type SweptRange } from '@driftfarm/report'
import type { Demand } from '@driftfarm/spec'
import type { Database } from '../connection/database.ts'
import type { CellsColumn } from '../ledger/cellsColumns.ts'
import { requestsAt } from '../ledger/conditions.ts'
import { leadingEstimate } from '../ledger/counters.ts'
import { LedgerError } from '../ledger/errors.ts'
import type { Columns, SweepModel } from '../ledger/rows.ts'

type Row = Columns<
  SweepModel,
  'cells' | 'ranges' | 'demand' | 'columns',
  { ranges: readonly SweptRange[] | null; demand: Demand; columns: readonly CellsColumn[] }
>

/** Reads only the cells in the picture, so a sweep of 10^6 cells takes as long as one of 576. */
export async function glanceOf({ pool }: Database, sweepId: string): Promise<Answer<'glance'>> {
  const { rows } = await pool.query<Row>('select cells, ranges, demand, columns from farm.sweep where id = $1', [
    sweepId,
  ])
  const [sweep] = rows
  if (sweep === undefined) throw new LedgerError('SWEEP_NOT_FOUND', `no sweep ${sweepId}`)
  const wanted = leadingEstimate(sweep.demand)
  const known = sweep.columns.filter(({ field }) => field === 'value')
  const { key = wanted, at = 1 } = known.find((column) => column.key === wanted) ?? known[0] ?? {}
  const grid = glanceGrid(sweep.ranges ?? [], sweep.cells)
  const { sql, values } = requestsAt({ indices: grid?.indices ?? [] })
  const found = await pool.query<{ index: number; value: number | null }>(
    `select d.index, d.numbers[$4] as value from ${sql}`,
    [sweepId, ...values, at],
  )
  const byIndex = new Map(found.rows.map(({ index, value }) => [index, value]))
  return glanceData(key, grid, (index) => byIndex.get(index))
}
