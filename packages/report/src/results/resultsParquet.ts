import type { StreamedResults } from '../document/streamed.ts'
import { inGroups, type ParquetColumn, type ParquetRows } from '../format/parquet.ts'
import { cellColumns, type FieldValue, fieldsOfAll } from './cellFields.ts'

/** The values of this many cells take a few megabytes. */
const groupCells = 5_000

/**
 * The cells of results as typed columns: the columns of the CSV output, and one more for each setting. The columns and
 * their types depend on all cells, so the cells are read twice.
 */
export async function cellsParquet(results: Pick<StreamedResults, 'numbers' | 'settings'>): Promise<ParquetRows> {
  const columns = await cellColumns(fieldsOfAll(results))
  return {
    columns,
    async *groups() {
      for await (const cells of inGroups(fieldsOfAll(results), groupCells))
        yield columns.map(({ group, name, type }) => cells.map((fields) => asType(fields[group][name] ?? null, type)))
    },
  }
}

const asType = (value: FieldValue, type: ParquetColumn['type']): FieldValue =>
  value === null || type !== 'STRING' || typeof value === 'string' ? value : String(value)
