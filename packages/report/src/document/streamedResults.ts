import { chunked } from '../stream/chunked.ts'
import { streamCsv } from '../stream/renderCsv.ts'
import { streamTable } from '../table/renderTable.ts'
import { documentJson } from './envelope.ts'
import type { CellNumbers, CellResult, ResultsData } from './results.ts'
import { type Streamed, type StreamedView, streamedJson } from './streamed.ts'

/** The Results document with its cells one at a time, for sweeps of a million of them. */
export interface StreamedResults
  extends Streamed<Pick<ResultsData, 'sweep'>, CellResult, Pick<ResultsData, 'contrasts' | 'findings'>> {
  /** The cells without their checks, in half the time. */
  numbers(): AsyncIterable<CellNumbers>
}

export const streamedResults: StreamedView<StreamedResults> = {
  table: streamTable,
  csv: streamCsv,
  jsonl: ({ cells }) => chunked(cells(), (cell) => `${documentJson(cell)}\n`),
  json: (results, more) => streamedJson('Results', results, more),
}
