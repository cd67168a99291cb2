import { cellsParquet, documents, type StreamedResults } from '@driftfarm/report'
import { type PrintedDocument, streamed } from './output.ts'
import { progressOf } from './progress.ts'
import type { Shell } from './shell.ts'
import { withProgress } from './withProgress.ts'

export function streamedResults(shell: Shell, results: StreamedResults): PrintedDocument {
  const shown = resultsWithProgress(shell, results)
  return { ...streamed('Results', documents.Results.streamed, shown), parquet: () => cellsParquet(shown) }
}

export function resultsWithProgress(shell: Shell, results: StreamedResults): StreamedResults {
  const createProgress = () => progressOf(shell, 'reading cell', results.head.sweep.cells)
  return {
    ...results,
    cells: () => withProgress(results.cells(), createProgress()),
    numbers: () => withProgress(results.numbers(), createProgress()),
  }
}
