import { painter } from '../table/color.ts'
import { type Column, layOut } from '../table/layout.ts'
import { oneLine } from '../table/text.ts'
import { csvLine } from './csv.ts'
import { rowColumns, rowJson, type TrialRow } from './row.ts'

/** Rows a chunk: large enough that writing it costs little, small enough to hold. */
const chunkRows = 1000

export async function* renderRowsCsv(rows: AsyncIterable<TrialRow>): AsyncGenerator<string> {
  yield csvLine(rowColumns)
  yield* chunked(rows, (row) => {
    const record = rowJson(row)
    const marks = Object.keys(row.marks).length === 0 ? null : record.marks
    return csvLine([...rowColumns.slice(0, -1).map((name) => record[name]), marks])
  })
}

export async function* renderRowsJsonl(rows: AsyncIterable<TrialRow>): AsyncGenerator<string> {
  yield* chunked(rows, (row) => `${JSON.stringify(rowJson(row))}\n`)
}

/** One document of kind Rows, written as the rows come. */
export async function* renderRowsJson(rows: AsyncIterable<TrialRow>): AsyncGenerator<string> {
  yield '{"schemaVersion":1,"kind":"Rows","data":{"rows":['
  let before = ''
  yield* chunked(rows, (row) => {
    const text = `${before}${JSON.stringify(rowJson(row))}`
    before = ','
    return text
  })
  yield ']},"warnings":[]}\n'
}

/** Rows for people; widths are those of each chunk, the head is printed once. */
export async function* renderRowsTable(rows: AsyncIterable<TrialRow>): AsyncGenerator<string> {
  let titled = false
  for await (const chunk of chunksOf(rows)) {
    const records = chunk.map(rowJson)
    const columns = rowColumns.map((name): Column => {
      const cells = records.map((record) => (name === 'marks' ? marksText(record.marks) : oneLine(record[name])))
      return { title: name, align: typeof records[0]?.[name] === 'number' ? 'right' : 'left', cells }
    })
    const lines = layOut(columns, Number.POSITIVE_INFINITY, painter(false))
    yield `${(titled ? lines.slice(1) : lines).join('\n')}\n`
    titled = true
  }
}

function marksText(marks: unknown): string {
  return Object.entries(marks as object)
    .map(([name, step]) => `${oneLine(name)}=${step ?? 'never'}`)
    .join(' ')
}

async function* chunked(rows: AsyncIterable<TrialRow>, text: (row: TrialRow) => string): AsyncGenerator<string> {
  for await (const chunk of chunksOf(rows)) yield chunk.map(text).join('')
}

async function* chunksOf(rows: AsyncIterable<TrialRow>): AsyncGenerator<TrialRow[]> {
  let chunk: TrialRow[] = []
  for await (const row of rows) {
    chunk.push(row)
    if (chunk.length === chunkRows) {
      yield chunk
      chunk = []
    }
  }
  if (chunk.length > 0) yield chunk
}
