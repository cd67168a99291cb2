import type { ResultsData } from '../document/results.ts'
import type { StreamedResults } from '../document/streamedResults.ts'
import { CellsCsv } from './cellsCsv.ts'
import { chunked } from './chunked.ts'

/** The results as CSV, one line for each cell. */
export function renderCsv({ cells }: Pick<ResultsData, 'cells'>): string {
  const csv = new CellsCsv()
  for (const cell of cells) csv.see(cell)
  return csv.titles() + cells.map((cell) => csv.line(cell)).join('')
}

/** The same of cells that are read twice. */
export async function* streamCsv({ numbers }: Pick<StreamedResults, 'numbers'>): AsyncGenerator<string> {
  const csv = new CellsCsv()
  for await (const cell of numbers()) csv.see(cell)
  yield csv.titles()
  yield* chunked(numbers(), (cell) => csv.line(cell))
}
