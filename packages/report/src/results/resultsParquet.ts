import type { StreamedResults } from '../document/streamed.ts'
import { inGroups, type ParquetColumn, type ParquetRows } from '../format/parquet.ts'
import { type CellFields, type FieldValue, fieldGroups, fieldsOf } from './cellFields.ts'

type Type = ParquetColumn['type']

/** The values of this many cells take a few megabytes. */
const groupCells = 5_000

/**
 * The cells of results as typed columns: the columns of the CSV output, and one more for each setting. The columns and
 * their types depend on all cells, so the cells are read twice.
 */
export async function cellsParquet(results: Pick<StreamedResults, 'numbers' | 'settings'>): Promise<ParquetRows> {
  const seen = fieldGroups.map(() => new Map<string, { type: Type | null; count: number }>())
  let cells = 0
  for await (const fields of fieldsOfAll(results)) {
    cells++
    for (const [at, group] of fieldGroups.entries())
      for (const [name, value] of Object.entries(fields[group])) {
        const column = seen[at]!.get(name) ?? { type: null, count: 0 }
        if (value !== null) {
          column.type = common(column.type, types[typeof value as keyof typeof types])
          column.count++
        }
        seen[at]!.set(name, column)
      }
  }
  const columns = seen.flatMap((named, at) =>
    [...named].map(([name, { type, count }]) => ({
      group: fieldGroups[at]!,
      name,
      type: name === 'index' ? ('INT32' as const) : (type ?? 'STRING'),
      nullable: count < cells,
    })),
  )
  return {
    columns,
    async *groups() {
      for await (const cells of inGroups(fieldsOfAll(results), groupCells))
        yield columns.map(({ group, name, type }) => cells.map((fields) => asType(fields[group][name] ?? null, type)))
    },
  }
}

async function* fieldsOfAll({
  numbers,
  settings,
}: Pick<StreamedResults, 'numbers' | 'settings'>): AsyncGenerator<CellFields> {
  const further = settings()[Symbol.asyncIterator]()
  for await (const cell of numbers()) yield fieldsOf(cell, (await further.next()).value ?? [])
}

const types = { bigint: 'INT64', boolean: 'BOOLEAN', number: 'DOUBLE', string: 'STRING' } as const

const common = (a: Type | null, b: Type): Type => (a === null || a === b ? b : 'STRING')

const asType = (value: FieldValue, type: Type): FieldValue =>
  value === null || type !== 'STRING' || typeof value === 'string' ? value : String(value)
