import { columnTypes } from '@driftfarm/kernel'
import type { ParquetColumn, ParquetRows, ParquetValues } from './parquet.ts'
import type { RowRecord, Rows } from './renderRows.ts'
import { groupRows } from './rowBatches.ts'

/** Columns in which every row has a value. */
const always: ReadonlySet<string> = new Set(['cell', 'trial', 'replica', 'steps', 'end'])

const ascending: ReadonlySet<string> = new Set(['trial', 'replica'])

/** Rows as typed columns. A mapping such as marks becomes JSON, since its names are unknown until the last row. */
export function rowsParquet({ columns, records, groups }: Rows): ParquetRows {
  const made = columns.map(
    (name): ParquetColumn => ({
      name,
      type: columnTypes[name] ?? 'STRING',
      nullable: !always.has(name),
      ascending: ascending.has(name),
    }),
  )
  if (groups !== undefined) return { columns: made, groups: () => groups(groupRows) }
  return {
    columns: made,
    async *groups() {
      let group: unknown[][] = made.map(() => [])
      for await (const record of records) {
        for (const [at, column] of made.entries()) group[at]!.push(valueOf(record, column))
        if (group[0]!.length < groupRows) continue
        yield group as unknown as readonly ParquetValues[]
        group = made.map(() => [])
      }
      yield group as unknown as readonly ParquetValues[]
    },
  }
}

function valueOf(record: RowRecord, { name, type }: ParquetColumn): unknown {
  const value = record[name]
  if (value === null || value === undefined) return null
  if (type === 'INT64') return BigInt(value as number | string)
  if (type === 'DOUBLE' || type === 'INT32') return Number(value)
  return typeof value === 'string' ? value : JSON.stringify(value)
}
