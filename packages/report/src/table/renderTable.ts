import type { ResultsData } from '../document/results.ts'
import type { StreamedResults } from '../document/streamedResults.ts'
import { chunked } from '../stream/chunked.ts'
import type { TableOptions } from './renderRecords.ts'
import { ResultsTable } from './resultsTable.ts'

/** The results for people: one line for each cell, then what the numbers are and what speaks against them. */
export function renderTable(results: ResultsData, options: TableOptions = {}): string {
  const table = new ResultsTable(options)
  for (const cell of results.cells) table.see(cell)
  const lines = [
    ...table.above(results.sweep),
    ...results.cells.map((cell) => table.line(cell)),
    ...table.below(results),
  ]
  return text(lines)
}

/** The same of cells that are read twice, the second time for their numbers alone. */
export async function* streamTable(
  { head, cells, numbers, tail }: StreamedResults,
  options: TableOptions = {},
): AsyncGenerator<string> {
  const table = new ResultsTable(options)
  for await (const cell of cells()) table.see(cell)
  yield text(table.above(head.sweep))
  yield* chunked(numbers(), (cell) => `${table.line(cell)}\n`)
  yield text(table.below(await tail()))
}

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')
