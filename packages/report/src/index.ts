export { booleanQuery, cellList, decimalNumber, sweepShape, textQuery, wholeNumber } from './addressShapes.ts'
// Documents, which are the output of --json.

export { addresses } from './addresses.generated.ts'
export type { BestData } from './document/best.ts'
export { trialsText, type WholeCellData, whyText } from './document/cell.ts'
export { type CellChanges, type CellsData, cellStates, mergedCells } from './document/cells.ts'
export * from './document/comparison.ts'
export { type ContrastResult, contrastResult, contrastsOfResults } from './document/contrast.ts'
export { type CrossingResult, crossingsOfResults } from './document/crossing.ts'
export { type CellCurve, type CurvesData, maxRowsRead, type StreamedCurves } from './document/curves.ts'
export * from './document/define.ts'
export type { ReportedError } from './document/error.ts'
export type { WholeFarmData } from './document/farm.ts'
export {
  describeShape,
  integer,
  type PrecisionData,
  precisionMeaning,
  precisionText,
  precisionTitle,
  real,
  type SweepDescription,
  type SweptRange,
  unitsColumn,
  unitsOf,
} from './document/fields.ts'
export { CheckedCells, type FinishedCells, verdictText } from './document/findings.ts'
export { type FitData, type FitTheory, fitData } from './document/fit.ts'
export { fitsOf } from './document/fitsOf.ts'
export { residualsOfFit } from './document/fitTable.ts'
export { type GlanceData, glanceData, glanceGrid } from './document/glance.ts'
export { type MinimaCell, maxPrinted, minimaCell, minimaYaml, renderMinima } from './document/minima.ts'
export type { ObservedData } from './document/observed.ts'
export { lawRows, type OracleCell, type OracleData, oracleParts } from './document/oracle.ts'
export * from './document/plan.ts'
export type { RecentData } from './document/recent.ts'
export { removedText } from './document/removed.ts'
export { replayText } from './document/replayed.ts'
export { reportedError } from './document/reportedError.ts'
export {
  type CellNumbers,
  type CellResult,
  cellResult,
  type ResultsData,
  sweepSummary,
} from './document/results.ts'
export { type RowRecord, type Rows, rowBatches, rowRecord, rowsParquet } from './document/rows.ts'
export { type FarmData, phaseOf, phaseText, type StatusData, stateText, unvisitedText } from './document/status.ts'
export type { Streamed, StreamedResults, StreamedView } from './document/streamed.ts'
export * from './document/submitted.ts'
export * from './document/sweepList.ts'
export * from './document/theorem.ts'
export { documents } from './documents.generated.ts'
export type { DocumentData } from './documents.ts'
export { FigureError, FileError } from './error.ts'
// Interfaces that return documents, and interfaces that accept and change sweeps.
export type { Action, FarmClient, PlanRequest, ResolvedSpec, Submission, SubmitOptions } from './farmClient.ts'
// Figures as data, and their axes.
export { axisOfPath, finite, numberAxis, valueAxis, withMargin } from './figure/axis.ts'
export { contourOf, type Piece } from './figure/contour.ts'
export { coordinatesOf } from './figure/coordinates.ts'
export type { SweepFacts } from './figure/facts.ts'
export * from './figure/figure.ts'
export type { ConvergenceData, LandscapeScene, PathsData } from './figure/ground.ts'
export * from './figure/scene.ts'
// Figures as data, and how they are drawn.
export { setupOf, setupSentences } from './figure/setup.ts'
export { quantityOf } from './figure/words.ts'
export { figureCsv } from './figureCsv.ts'
export {
  figureOf,
  figureOptions,
  howToRead,
  kindsOfSweep,
  labelOf,
  optionsOf,
  requireApplicableOptions,
} from './figureOf.ts'
export { comparisonFigure } from './figures/contrast.ts'
export { curveFigure } from './figures/curve.ts'
export { fitFigure } from './figures/fit.ts'
export { landscapeFigure } from './figures/landscape.ts'
export { residualsFigure } from './figures/residuals.ts'
export { pathName } from './figures/trajectory.ts'
// Report files as a source of documents.
export { contentsOf } from './file/embedded.ts'
export { fileSource } from './file/fileSource.ts'
// Texts for readers and for other programs.
export { csvLine } from './format/csv.ts'
export { tickFormat } from './format/digits.ts'
export { chunked, documentJson } from './format/json.ts'
export { cellPlaceText, paramTitles, subtreeLabels, valueLabel } from './format/label.ts'
export { type ParquetRows, parquetFile } from './format/parquet.ts'
export * from './format/quantity.ts'
export { renderRecords, type TableOptions } from './format/table.ts'
export { aboutSpec, wrapped } from './format/text.ts'
export { updateFormulas } from './format/updateText.ts'
// Reports about one or several sweeps, as one file for readers.
export { answerOf } from './paper/answer.ts'
export { type ReportedSweep, reportedSweep } from './paper/gathered.ts'
export { htmlReport } from './paper/html.ts'
export { markdownReport } from './paper/markdown.ts'
export { cellsTable, checkRows } from './paper/parts.ts'
// Questions about stored sweeps, and the shapes of what users write in an address.
export type { OnCells, Question } from './question.ts'
export type { ReplayResult } from './questions/replay.ts'
export { questions } from './questions.generated.ts'
export { receptions, type SentAnswer } from './reception.ts'
export { cellsParquet } from './results/resultsParquet.ts'
// Colours, for pages that draw figures themselves.
export {
  colorAt,
  type FigureFormat,
  type FigureStyle,
  figureFormats,
  hex,
  inTheme,
  palette,
  seriesColor,
  type Theme,
  themeProperties,
} from './scale/colors.ts'
export { labelledTicks, shareOf, type Tick, tileTicks } from './scale/ticks.ts'
export { commandText } from './shellWord.ts'
export * from './source.ts'
export type { Terminal } from './terminal/pen.ts'
export { terminalFigure } from './terminal/terminal.ts'
