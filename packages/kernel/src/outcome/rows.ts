import type { Method } from '@driftfarm/spec'
import type { OutcomeRecord } from './record.ts'
import { recordColumns } from './record.ts'

/** For each kind of record, its columns and the name of the column with its index in the cell. */
const kinds = {
  trial: { index: 'trial', columns: recordColumns('trial') },
  replica: { index: 'replica', columns: recordColumns('replica') },
  weighted: { index: 'trial', columns: recordColumns('weighted') },
} as const

const columnsOf = (kind: OutcomeRecord['kind']): readonly string[] => [
  'cell',
  kinds[kind].index,
  ...kinds[kind].columns.map(({ name }) => name),
]

/** The columns of the rows of each method, under the names that results, exports and views use. */
export const rowColumns: Readonly<Record<Method['kind'], readonly string[]>> = {
  direct: columnsOf('trial'),
  splitting: columnsOf('replica'),
  tilt: columnsOf('weighted'),
}

type ColumnType = 'INT32' | 'INT64' | 'DOUBLE'

const columnTypes: Readonly<Record<string, ColumnType>> = {
  cell: 'INT32',
  trial: 'INT64',
  replica: 'INT64',
  ...Object.fromEntries(
    Object.values(kinds)
      .flatMap(({ columns }) => columns)
      .flatMap(({ name, type }) => (type === null ? [] : [[name, type]])),
  ),
}

/**
 * The type of a numeric column; undefined for other columns. Of these, `marks` and `exits` map names to integers, and
 * the rest contain words.
 */
export const columnType = (name: string): ColumnType | undefined =>
  name.startsWith('observe_') ? 'DOUBLE' : columnTypes[name]

/** The record of a trial as a row, with the columns of the method in order. `cell` is the index of the cell. */
export function rowOf(cell: number, trial: number, record: OutcomeRecord): Readonly<Record<string, unknown>> {
  const { index, columns } = kinds[record.kind]
  const row: Record<string, unknown> = { cell, [index]: trial }
  const values = record as unknown as Readonly<Record<string, unknown>>
  for (const { field, name } of columns) row[name] = values[field]
  // If the escape is a single condition, the exit has an empty name.
  if ('exit' in row) row.exit = row.exit || null
  return row
}

/** A column of text values; null where a row has no value. */
export type WordColumn = readonly (string | null)[]

/**
 * The columns of rows, under the names of `results --rows`. Steps and indices are exact up to 2^53. A number is NaN
 * where a row has no value, for example `escaped_at` of a trial that never escaped. Trials, replicas of splitting and
 * weighted trials of a tilt have different columns. Each mark has a column `mark:NAME`, and each exit of a replica has
 * a column `exit:NAME`. Each observed value has a column `observe_NAME`, or `observe_NAME_TIME` if it has
 * several times.
 */
export interface RowColumns {
  /** Index of the cell in its sweep. */
  readonly cell: Int32Array
  readonly steps: Float64Array
  readonly trial?: Float64Array
  readonly end?: WordColumn
  readonly exit?: WordColumn
  readonly settled?: WordColumn
  readonly class?: WordColumn
  readonly escaped_at?: Float64Array
  readonly converged_at?: Float64Array
  readonly loss?: Float64Array
  readonly distance?: Float64Array
  readonly replica?: Float64Array
  readonly estimate?: Float64Array
  readonly weight?: Float64Array
  readonly levels?: Float64Array
  readonly escaped?: Float64Array
  readonly value?: Float64Array
  readonly log_ratio?: Float64Array
  readonly [named: `mark:${string}` | `exit:${string}` | `observe_${string}`]: Float64Array
}

/** A batch of rows, stored as columns. */
export interface RowBatch {
  readonly count: number
  readonly columns: RowColumns
}

/** Fields of records that map names to numbers. For each name, a batch has a separate column `PREFIX:NAME`. */
const mappings: Readonly<Record<string, string>> = { marks: 'mark', exits: 'exit' }

/** The rows as one batch. */
export function rowBatch(names: readonly string[], records: readonly Readonly<Record<string, unknown>>[]): RowBatch {
  const columns: [string, unknown][] = names.flatMap((name): [string, unknown][] => {
    const prefix = mappings[name]
    if (prefix !== undefined) return namedColumns(prefix, name, records)
    const type = columnType(name)
    if (type === undefined) return [[name, records.map((record) => record[name] ?? null)]]
    const numbers = type === 'INT32' ? new Int32Array(records.length) : new Float64Array(records.length)
    for (const [row, record] of records.entries()) numbers[row] = numberOf(record[name])
    return [[name, numbers]]
  })
  return { count: records.length, columns: Object.fromEntries(columns) as unknown as RowColumns }
}

type Named = Readonly<Record<string, unknown>>

function namedColumns(prefix: string, column: string, records: readonly Named[]): [string, Float64Array][] {
  const mapped = records.map((record) => record[column] as Named)
  const names = new Set(mapped.flatMap((each) => Object.keys(each)))
  return [...names].map((name) => [`${prefix}:${name}`, Float64Array.from(mapped, (each) => numberOf(each[name]))])
}

/** The value may be a string: plain JSON stores numbers that are not finite or exceed 2^53 as strings. */
const numberOf = (value: unknown): number => (value === null || value === undefined ? Number.NaN : Number(value))
