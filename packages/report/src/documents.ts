import { best } from './document/best.ts'
import { cell } from './document/cell.ts'
import { cells } from './document/cells.ts'
import { comparison } from './document/comparison.ts'
import { curves } from './document/curves.ts'
import { databaseStatus } from './document/databaseStatus.ts'
import { define } from './document/define.ts'
import { doctor } from './document/doctor.ts'
import { error } from './document/error.ts'
import { failures } from './document/failures.ts'
import { farm } from './document/farm.ts'
import { fit } from './document/fitTable.ts'
import { imported, shard } from './document/imported.ts'
import { landscape, landscapeList } from './document/landscape.ts'
import { minima } from './document/minima.ts'
import { oracle } from './document/oracle.ts'
import { plan } from './document/plan.ts'
import { recent } from './document/recent.ts'
import { removed } from './document/removed.ts'
import { replica, trial, weighted } from './document/replayed.ts'
import { resultsShape } from './document/results.ts'
import { rows } from './document/rows.ts'
import { status } from './document/status.ts'
import { type StreamedResults, type StreamedView, streamedJson } from './document/streamed.ts'
import { submitted } from './document/submitted.ts'
import { sweepList } from './document/sweepList.ts'
import { theorem } from './document/theorem.ts'
import { newToken, tokenList } from './document/tokens.ts'
import { verification } from './document/verification.ts'
import { watchEvent } from './document/watchEvent.ts'
import { figureShape } from './figure/figure.ts'
import { chunked, documentJson } from './format/json.ts'
import { streamCsv } from './results/resultsCsv.ts'
import { streamTable } from './results/resultsTable.ts'

const streamedResults: StreamedView<StreamedResults> = {
  table: streamTable,
  csv: streamCsv,
  jsonl: ({ cells }) => chunked(cells(), (cell) => `${documentJson(cell)}\n`),
  json: (results, more) => streamedJson('Results', results, more),
}

/** All JSON documents by kind. */
export const documents = {
  Best: best,
  Cell: cell,
  Cells: cells,
  Comparison: comparison,
  Curves: curves,
  DatabaseStatus: databaseStatus,
  Doctor: doctor,
  Error: error,
  Failures: failures,
  Farm: farm,
  /** What `figure` draws. */
  Figure: define('Figure', figureShape),
  Fit: fit,
  Imported: imported,
  Landscape: landscape,
  LandscapeList: landscapeList,
  Minima: minima,
  NewToken: newToken,
  Oracle: oracle,
  Plan: plan,
  Recent: recent,
  Removed: removed,
  Replica: replica,
  /** What `results` and `run` print. CSV and JSON lines have one line for each cell. */
  Results: { ...define('Results', resultsShape), streamed: streamedResults },
  Rows: rows,
  Shard: shard,
  Status: status,
  Submitted: submitted,
  SweepList: sweepList,
  Theorem: theorem,
  TokenList: tokenList,
  Trial: trial,
  Verification: verification,
  WatchEvent: watchEvent,
  Weighted: weighted,
} as const

/** The data of a document of this kind. */
export type DocumentData<Kind extends keyof typeof documents> = (typeof documents)[Kind] extends {
  readonly data?: infer Data
}
  ? Exclude<Data, undefined>
  : never
