import { columnType, type OutcomeRecord, type RowBatch, rowBatch, rowOf } from '@driftfarm/kernel'
import * as z from 'zod'
import { csvLine } from '../format/csv.ts'
import { chunked, joined } from '../format/json.ts'
import { inGroups, type ParquetColumn, type ParquetRows, type ParquetValues } from '../format/parquet.ts'
import { type Column, layOut, painter } from '../format/table.ts'
import { oneLine } from '../format/text.ts'
import { define } from './define.ts'
import { integer, real, realShape } from './fields.ts'
import { replicaShape, trialShape, weightedShape } from './replayed.ts'

/** TypeScript has no type for the other keys of an object if they have other values than the named keys. */
const observedShape: z.ZodType<unknown> = realShape.nullable()

const rowsShape = z.union([
  z.strictObject({
    rows: z
      .array(trialShape.catchall(observedShape))
      .describe(
        'One row per recorded trial. Other keys are observed values, without series: observe_NAME, or ' +
          'observe_NAME_TIME if the value has several times; null if the trial did not reach the time.',
      ),
  }),
  z.strictObject({ rows: z.array(replicaShape).describe('One row per recorded replica, if all cells use splitting.') }),
  z.strictObject({
    rows: z
      .array(weightedShape)
      .describe('One row per recorded trial, with its importance weight, if all cells use a tilt.'),
  }),
  z.strictObject({
    columns: z.array(z.string()),
    rows: z.array(z.record(z.string(), z.unknown())).describe('Rows of a query, by column name.'),
  }),
])

/** What `results --rows` and `sql` print, written as the rows arrive. */
export const rows = {
  ...define('Rows', rowsShape),
  table: renderRowsTable,
  json: renderRowsJson,
  jsonl: renderRowsJsonl,
  csv: renderRowsCsv,
}

export type RowRecord = Readonly<Record<string, unknown>>

/** One record for each recorded trial or replica, as `rowOf` or `rowJson` returns it. All have the same columns. */
export interface Rows {
  readonly columns: readonly string[]
  readonly records: AsyncIterable<RowRecord>
  readonly warnings?: readonly string[]
}

/** Large enough for fast writes, small enough to need little memory. */
const chunkRows = 1000

export async function* renderRowsCsv({ columns, records }: Rows): AsyncGenerator<string> {
  yield csvLine(columns)
  yield* chunked(records, (record) => {
    const row = rowJson(record)
    return csvLine(columns.map((name) => (isEmpty(row[name]) ? null : row[name])))
  })
}

export function renderRowsJsonl({ records }: Rows): AsyncGenerator<string> {
  return chunked(records, (record) => `${JSON.stringify(rowJson(record))}\n`)
}

export async function* renderRowsJson({ records, warnings = [] }: Rows): AsyncGenerator<string> {
  yield '{"schemaVersion":1,"kind":"Rows","data":{"rows":['
  yield* joined(records, (record) => JSON.stringify(rowJson(record)))
  yield `]},"warnings":${JSON.stringify(warnings)}}\n`
}

/** Rows as a table. Column widths are computed for each chunk; the header is printed once. */
export async function* renderRowsTable({ columns, records }: Rows): AsyncGenerator<string> {
  let titled = false
  for await (const group of inGroups(records, chunkRows)) {
    const chunk = group.map(rowJson)
    const laid = columns.map((name): Column => {
      const cells = chunk.map((record) => (isMap(record[name]) ? mapText(record[name]) : oneLine(record[name])))
      return { title: name, align: typeof chunk[0]?.[name] === 'number' ? 'right' : 'left', cells }
    })
    const lines = layOut(laid, Number.POSITIVE_INFINITY, painter(false))
    yield `${(titled ? lines.slice(1) : lines).join('\n')}\n`
    titled = true
  }
}

/** Whether the value maps names to values, as marks and exits do. */
function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function isEmpty(value: unknown): boolean {
  return isMap(value) && Object.keys(value).length === 0
}

function mapText(map: Readonly<Record<string, unknown>>): string {
  return Object.entries(map)
    .map(([name, value]) => `${oneLine(name)}=${value ?? 'never'}`)
    .join(' ')
}

/** The record of one trial or replica as a row in plain JSON, with the index of its cell and its observed values. */
export const rowRecord = (cell: number, trial: number, record: OutcomeRecord, observed: RowRecord = {}): RowRecord =>
  rowJson({ ...rowOf(cell, trial, record), ...observed })

/** NaN and infinities become text, integers beyond 2^53 become decimal strings. */
export function rowJson(row: RowRecord): RowRecord {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, writtenValue(name, value)]))
}

function writtenValue(name: string, value: unknown): unknown {
  if (typeof value === 'number' && columnType(name) === 'DOUBLE') return real(value)
  if (typeof value === 'number' || typeof value === 'bigint') return integer(value)
  return isMap(value) ? rowJson(value) : value
}

/** Number of rows in a row group of a Parquet file, and maximum number of rows in a `RowBatch`. */
export const groupRows = 65_536

/** Yields rows as columns, at most 65,536 rows at a time. */
export async function* rowBatches({ columns, records }: Rows): AsyncGenerator<RowBatch> {
  for await (const group of inGroups(records, groupRows)) yield rowBatch(columns, group)
}

/** Columns in which every row has a value. */
const always: ReadonlySet<string> = new Set(['cell', 'trial', 'replica', 'steps', 'end'])

const ascending: ReadonlySet<string> = new Set(['trial', 'replica'])

/** Rows as typed columns. A mapping such as marks becomes JSON, since its names are unknown until the last row. */
export function rowsParquet({ columns, records }: Rows): ParquetRows {
  const made = columns.map(
    (name): ParquetColumn => ({
      name,
      type: columnType(name) ?? 'STRING',
      nullable: !always.has(name),
      ascending: ascending.has(name),
    }),
  )
  return {
    columns: made,
    async *groups() {
      for await (const group of inGroups(records, groupRows))
        yield made.map(({ name, type }) => group.map((record) => converted(record[name] ?? null, type)))
    },
  }
}

/** From the value of a record to the value of a column; null stays null. */
function converted(value: unknown, type: ParquetColumn['type']): ParquetValues[number] {
  if (value === null) return null
  if (type === 'INT64') return BigInt(value as number | string)
  if (type === 'STRING') return isMap(value) ? JSON.stringify(rowJson(value)) : (value as string)
  return type === 'BOOLEAN' ? Boolean(value) : Number(value)
}
