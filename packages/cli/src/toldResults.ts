import { cellsParquet, documents, type StreamedResults } from '@driftfarm/report'
import { counted } from './counted.ts'
import { type PrintedDocument, streamed } from './output.ts'
import { progressOf } from './progress.ts'
import type { Shell } from './shell.ts'

/** The Results document, with progress while cells are read. */
export function streamedResults(shell: Shell, results: StreamedResults): PrintedDocument {
  const told = toldResults(shell, results)
  return { ...streamed('Results', documents.Results.streamed, told), parquet: () => cellsParquet(told) }
}

/** The same results, with progress while cells are read. */
export function toldResults(shell: Shell, results: StreamedResults): StreamedResults {
  const tell = () => progressOf(shell, 'reading cell', results.head.sweep.cells)
  return {
    ...results,
    cells: () => counted(results.cells(), tell()),
    numbers: () => counted(results.numbers(), tell()),
  }
}
