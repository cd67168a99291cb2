import type { ResultsData } from '../document/results.ts'
import type { StreamedResults } from '../document/streamedResults.ts'
import { CellsCsv, type CsvRow } from './cellsCsv.ts'
import { chunked } from './chunked.ts'

export function renderCsv({ cells }: Pick<ResultsData, 'cells'>): string {
  const csv = new CellsCsv()
  const rows = cells.map((cell) => csv.observe(cell))
  return csv.titles() + rows.map((row) => csv.line(row)).join('')
}

/** Yields the CSV text that `renderCsv` returns, for cells that are read one at a time. */
export async function* streamCsv({ numbers, keep }: Pick<StreamedResults, 'numbers' | 'keep'>): AsyncGenerator<string> {
  const csv = new CellsCsv()
  const rows = keep<CsvRow>()
  for await (const cell of numbers()) rows.add(csv.observe(cell))
  yield csv.titles()
  yield* chunked(rows, (row) => csv.line(row))
}
