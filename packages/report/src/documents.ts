import { bestShape } from './document/best.ts'
import { cell } from './document/cell.ts'
import { cells } from './document/cells.ts'
import { comparisonShape } from './document/comparison.ts'
import { curves, streamedCurves } from './document/curves.ts'
import { databaseStatus } from './document/databaseStatus.ts'
import { type DataOf, define, type View } from './document/define.ts'
import { doctor } from './document/doctor.ts'
import { documentJson } from './document/envelope.ts'
import { error } from './document/error.ts'
import { failures } from './document/failures.ts'
import { farm } from './document/farm.ts'
import { fitShape } from './document/fit.ts'
import { imported } from './document/imported.ts'
import { landscape, landscapeList } from './document/landscape.ts'
import { minimaShape } from './document/minima.ts'
import { oracleShape } from './document/oracle.ts'
import { planShape } from './document/plan.ts'
import { recent } from './document/recent.ts'
import { removed } from './document/removed.ts'
import { replica } from './document/replica.ts'
import { type ResultsData, resultsShape } from './document/results.ts'
import { rows } from './document/rows.ts'
import { shard } from './document/shard.ts'
import { status } from './document/status.ts'
import { type StreamedView, streamedJson } from './document/streamed.ts'
import type { StreamedResults } from './document/streamedResults.ts'
import { submitted } from './document/submitted.ts'
import { sweepList } from './document/sweepList.ts'
import { theoremShape } from './document/theorem.ts'
import { newToken, tokenList } from './document/tokens.ts'
import { trial } from './document/trial.ts'
import { verification } from './document/verification.ts'
import { watchEvent } from './document/watchEvent.ts'
import { weighted } from './document/weighted.ts'
import { terminalFigure } from './figures/draw/terminal.ts'
import { figureShape } from './figures/figure.ts'
import { chunked } from './stream/chunked.ts'
import { coefficientRecords, recordsCsv, residualRecords } from './stream/fitCsv.ts'
import { jsonLines } from './stream/jsonLines.ts'
import { renderContrastsCsv } from './stream/renderContrastsCsv.ts'
import { renderCrossingsCsv } from './stream/renderCrossingsCsv.ts'
import { renderCsv, streamCsv } from './stream/renderCsv.ts'
import { crossingLines } from './table/crossingLines.ts'
import { renderBest } from './table/renderBest.ts'
import { comparisonCsv, renderComparison } from './table/renderComparison.ts'
import { renderContrasts } from './table/renderContrasts.ts'
import { renderFit, renderResiduals } from './table/renderFit.ts'
import { minimaBelow, renderMinima } from './table/renderMinima.ts'
import { renderOracle } from './table/renderOracle.ts'
import { renderPlan } from './table/renderPlan.ts'
import type { TableOptions } from './table/renderRecords.ts'
import { renderTable, streamTable } from './table/renderTable.ts'
import { renderTheorem } from './table/renderTheorem.ts'

const cellByCell =
  <Cell>(render: (cell: Cell, options?: TableOptions) => string) =>
  ({ cells }: { readonly cells: readonly Cell[] }, options?: TableOptions): string =>
    cells.map((cell) => render(cell, options)).join('\n')

const streamedResults: StreamedView<StreamedResults> = {
  table: streamTable,
  csv: streamCsv,
  jsonl: ({ cells }) => chunked(cells(), (cell) => `${documentJson(cell)}\n`),
  json: (results, more) => streamedJson('Results', results, more),
}

/** All JSON documents by kind. */
export const documents = {
  /** What `results --best` prints. */
  Best: define('Best', bestShape, { table: renderBest }),
  Cell: cell,
  /** The cells of a sweep with the data that a map shows, returned over HTTP. */
  Cells: cells,
  /** What `compare` prints. */
  Comparison: define('Comparison', comparisonShape, {
    table: renderComparison,
    csv: comparisonCsv,
    jsonl: ({ cells }) => jsonLines(cells),
  }),
  Curves: { ...curves, streamed: streamedCurves },
  DatabaseStatus: databaseStatus,
  Doctor: doctor,
  Error: error,
  Failures: failures,
  Farm: farm,
  /** What `figure` draws. */
  Figure: define('Figure', figureShape, {
    table: (figure, options) =>
      `${terminalFigure(figure, { width: options?.width ?? 80, colors: 'none', unicode: true }).join('\n')}\n`,
  }),
  /** What `fit` and `results --fit` print. CSV and JSON lines have one line for each coefficient. */
  Fit: define('Fit', fitShape, {
    table: renderFit,
    csv: (data) => recordsCsv(coefficientRecords(data)),
    jsonl: (data) => jsonLines(coefficientRecords(data)),
  }),
  Imported: imported,
  Landscape: landscape,
  LandscapeList: landscapeList,
  Minima: define('Minima', minimaShape, {
    table: cellByCell((cell, options) => renderMinima(cell, options) + minimaBelow(cell)),
  }),
  NewToken: newToken,
  Oracle: define('Oracle', oracleShape, { table: cellByCell(renderOracle) }),
  Plan: define('Plan', planShape, { table: renderPlan }),
  Recent: recent,
  Removed: removed,
  Replica: replica,
  /** What `results` and `run` print. CSV and JSON lines have one line for each cell. */
  Results: {
    ...define('Results', resultsShape, {
      table: renderTable,
      csv: renderCsv,
      jsonl: ({ cells }) => jsonLines(cells),
    }),
    streamed: streamedResults,
  },
  Rows: rows,
  Shard: shard,
  Status: status,
  Submitted: submitted,
  SweepList: sweepList,
  Theorem: define('Theorem', theoremShape, { table: cellByCell(renderTheorem) }),
  TokenList: tokenList,
  Trial: trial,
  Verification: verification,
  WatchEvent: watchEvent,
  Weighted: weighted,
} as const

/** Shows only the crossings of a threshold. In JSON, the crossings are part of the results. */
export const crossingsOfResults: Required<View<Pick<ResultsData, 'crossings'>>> = {
  table: ({ crossings = [] }, options) =>
    `${(crossings.length === 0 ? ['no threshold was requested'] : crossingLines(crossings, options)).join('\n')}\n`,
  csv: renderCrossingsCsv,
  jsonl: ({ crossings = [] }) => jsonLines(crossings),
}

/** Shows only the contrasts. In JSON, the contrasts are part of the results. */
export const contrastsOfResults: Required<View<Pick<ResultsData, 'contrasts'>>> = {
  table: renderContrasts,
  csv: renderContrastsCsv,
  jsonl: ({ contrasts }) => jsonLines(contrasts),
}

/** Shows the cells of fits with their residuals. In JSON, the residuals are part of the fits. */
export const residualsOfFit: Required<View<DataOf<typeof fitShape>>> = {
  table: renderResiduals,
  csv: (data) => recordsCsv(residualRecords(data)),
  jsonl: (data) => jsonLines(residualRecords(data)),
}

/** The data of a document of this kind. */
export type DocumentData<Kind extends keyof typeof documents> =
  (typeof documents)[Kind] extends View<infer Data> ? Data : never
