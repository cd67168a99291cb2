import type { ResultsData } from '../document/results.ts'
import type { StreamedResults } from '../document/streamedResults.ts'
import { chunked } from '../stream/chunked.ts'
import type { CellRow } from './cellColumn.ts'
import { painter } from './color.ts'
import { InformativeCells } from './informativeCells.ts'
import { isCut, type TableOptions } from './renderRecords.ts'
import { ResultsTable } from './resultsTable.ts'
import { wrapped } from './text.ts'

export function renderTable(results: ResultsData, options: TableOptions = {}): string {
  const table = new ResultsTable(options)
  const telling = new InformativeCells()
  const rows = results.cells.map((cell) => {
    const row = table.observe(cell)
    telling.observe(cell, row)
    return row
  })
  const lines = [
    ...table.above(results.sweep),
    ...(isCut(results.sweep.cells, options) ? cutLines(table, telling, options) : rows.map((row) => table.line(row))),
    ...table.below(results),
  ]
  return text(lines)
}

/** Yields the table of `renderTable` in parts, for cells that are read one by one. */
export async function* streamTable(
  { head, cells, tail, keep }: StreamedResults,
  options: TableOptions = {},
): AsyncGenerator<string> {
  const table = new ResultsTable(options)
  const cut = isCut(head.sweep.cells, options)
  const telling = new InformativeCells()
  const rows = keep<CellRow>()
  for await (const cell of cells()) {
    const row = table.observe(cell)
    if (cut) telling.observe(cell, row)
    else rows.add(row)
  }
  yield text(table.above(head.sweep))
  if (cut) yield text(cutLines(table, telling, options))
  else yield* chunked(rows, (row) => `${table.line(row)}\n`)
  yield text(table.below(await tail()))
}

function cutLines(
  table: ResultsTable,
  telling: InformativeCells,
  { width = 100, color = false }: TableOptions,
): string[] {
  const paint = painter(color)
  let next = 0
  const lines: string[] = []
  for (const { cell, row } of telling.rows()) {
    if (cell.index > next) lines.push(paint('dim', '...'))
    next = cell.index + 1
    lines.push(table.line(row))
  }
  return [...lines, '', ...wrapped(telling.note(), width)]
}

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')
