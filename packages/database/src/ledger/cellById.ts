import type { Cell } from '@driftfarm/spec'
import type { Database } from '../database.ts'
import type { CellModel, Columns } from '../rows.ts'
import { LedgerError } from './errors.ts'

/** Reads a cell of any sweep by its id, with the hash of its data set. Throws CELL_NOT_FOUND. */
export async function cellById(
  { pool }: Database,
  id: string,
): Promise<{ readonly cell: Cell; readonly dataHash: string | null }> {
  const { rows } = await pool.query<Columns<CellModel, 'canonical' | 'dataHash'>>(
    'select canonical, data_hash as "dataHash" from farm.cell where id = $1',
    [id],
  )
  const [row] = rows
  if (row === undefined) throw new LedgerError('CELL_NOT_FOUND', `no cell ${id}`)
  return { cell: JSON.parse(row.canonical) as Cell, dataHash: row.dataHash }
}
