import { type RowBatch, rowBatch } from '@driftfarm/kernel'
import type { RowRecord, Rows } from './renderRows.ts'

/** Number of rows in a row group of a Parquet file, and maximum number of rows in a `RowBatch`. */
export const groupRows = 65_536

/** Yields rows as columns, at most 65,536 rows at a time. */
export async function* rowBatches({ columns, records }: Rows): AsyncGenerator<RowBatch> {
  let group: RowRecord[] = []
  for await (const record of records) {
    group.push(record)
    if (group.length < groupRows) continue
    yield rowBatch(columns, group)
    group = []
  }
  if (group.length > 0) yield rowBatch(columns, group)
}
