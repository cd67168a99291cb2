import { painter } from '../table/color.ts'
import { type Column, layOut } from '../table/layout.ts'
import { oneLine } from '../table/text.ts'
import { csvLine } from './csv.ts'
import type { ParquetValues } from './parquet.ts'

export type RowRecord = Readonly<Record<string, unknown>>

/** Records in plain JSON, one for each recorded trial or replica. All records have the same columns. */
export interface Rows {
  readonly columns: readonly string[]
  readonly records: AsyncIterable<RowRecord>
  /**
   * Yields the same records as typed columns, in the order of `columns`, in groups of the given number of rows. Present
   * only if reading groups is faster than reading single records.
   */
  readonly groups?: (rows: number) => AsyncIterable<readonly ParquetValues[]>
}

/** Large enough for fast writes, small enough to need little memory. */
const chunkRows = 1000

export async function* renderRowsCsv({ columns, records }: Rows): AsyncGenerator<string> {
  yield csvLine(columns)
  yield* chunked(records, (record) => csvLine(columns.map((name) => (isEmpty(record[name]) ? null : record[name]))))
}

export async function* renderRowsJsonl({ records }: Rows): AsyncGenerator<string> {
  yield* chunked(records, (record) => `${JSON.stringify(record)}\n`)
}

export async function* renderRowsJson({ records }: Rows, warnings: readonly string[] = []): AsyncGenerator<string> {
  yield '{"schemaVersion":1,"kind":"Rows","data":{"rows":['
  let before = ''
  yield* chunked(records, (record) => {
    const text = `${before}${JSON.stringify(record)}`
    before = ','
    return text
  })
  yield `]},"warnings":${JSON.stringify(warnings)}}\n`
}

/** Rows as a table. Column widths are computed for each chunk; the header is printed once. */
export async function* renderRowsTable({ columns, records }: Rows): AsyncGenerator<string> {
  let titled = false
  for await (const chunk of chunksOf(records)) {
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

async function* chunked(
  records: AsyncIterable<RowRecord>,
  text: (record: RowRecord) => string,
): AsyncGenerator<string> {
  for await (const chunk of chunksOf(records)) yield chunk.map(text).join('')
}

async function* chunksOf(records: AsyncIterable<RowRecord>): AsyncGenerator<RowRecord[]> {
  let chunk: RowRecord[] = []
  for await (const record of records) {
    chunk.push(record)
    if (chunk.length === chunkRows) {
      yield chunk
      chunk = []
    }
  }
  if (chunk.length > 0) yield chunk
}
