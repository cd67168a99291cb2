import { define } from '../document/define.ts'
import { resultsShape } from '../document/results.ts'
import { type StreamedResults, type StreamedView, streamedJson } from '../document/streamed.ts'
import { chunked, documentJson } from '../format/json.ts'
import { streamCsv } from './resultsCsv.ts'
import { streamTable } from './resultsTable.ts'

const streamed: StreamedView<StreamedResults> = {
  table: streamTable,
  csv: streamCsv,
  jsonl: ({ cells }) => chunked(cells(), (cell) => `${documentJson(cell)}\n`),
  json: (data, more) => streamedJson('Results', data, more),
}

/** What `results` and `run` print. CSV and JSON lines have one line for each cell. */
export const results = { ...define('Results', resultsShape), streamed }
