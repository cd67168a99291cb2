// Documents: what --json prints.

export type { BestData } from './document/best.ts'
export { type CellParts, cellResult, resultsData } from './document/cellResult.ts'
export { type ContrastResult, contrastResult } from './document/contrast.ts'
export type { CellCurve, CurvesData, CurvesDocument } from './document/curves.ts'
export { documentJson, type Envelope, envelope } from './document/envelope.ts'
export { type FitData, type FitDocument, fitData } from './document/fit.ts'
export {
  type MinimaCell,
  type MinimaData,
  type MinimaDocument,
  minimaCell,
  type PointResult,
} from './document/minima.ts'
export {
  type DifferingSetting,
  type NamesakeParts,
  namesakeSettings,
  namesakesText,
  settingsText,
} from './document/namesakes.ts'
export { type Integer, integer, type Real, real } from './document/number.ts'
export {
  type Exact,
  type OracleCell,
  type OracleData,
  type OracleDocument,
  oracleCell,
} from './document/oracle.ts'
export type {
  CellSizing,
  PilotData,
  PlanData,
  PlanDocument,
  PlannedCell,
  PlannedChecks,
  Recommended,
  SizingData,
} from './document/plan.ts'
export type {
  CellResult,
  Counts,
  ResultsData,
  ResultsDocument,
  SweepState,
  SweepSummary,
} from './document/results.ts'
export { type FarmData, type StatusData, type SweepListData, statusData, sweepListData } from './document/sweeps.ts'
export {
  type MeasuredEscape,
  type TheoremCell,
  type TheoremData,
  type TheoremDocument,
  theoremCell,
} from './document/theorem.ts'
// Pictures of landscapes.
export type { Curve, Mark, Range, Surface } from './picture/scene.ts'
export { svgCurve } from './picture/svgCurve.ts'
export { svgSurface } from './picture/svgSurface.ts'
export { markLetter, type Terminal } from './picture/terminal.ts'
export { terminalCurve } from './picture/terminalCurve.ts'
export { terminalSurface } from './picture/terminalSurface.ts'
// Published schemas of the documents.
export { documentSchemas } from './schema/documents.ts'
export type { JsonSchema } from './schema/json.ts'
// Who gives documents.
export type { NoSuchEstimate, Source, Told } from './source.ts'
// Text for people and for other programs.
export { csvLine } from './stream/csv.ts'
export { renderContrastsCsv } from './stream/renderContrastsCsv.ts'
export { renderCsv } from './stream/renderCsv.ts'
export { renderCurvesCsv, renderCurvesJsonl } from './stream/renderCurves.ts'
export { renderContrastsJsonl, renderJsonl } from './stream/renderJsonl.ts'
export {
  type RowRecord,
  type Rows,
  renderRowsCsv,
  renderRowsJson,
  renderRowsJsonl,
  renderRowsTable,
} from './stream/renderRows.ts'
export { replicaColumns, replicaJson } from './stream/replicaRow.ts'
export { rowColumns, rowJson } from './stream/row.ts'
export { weightedColumns, weightedJson } from './stream/weightedRow.ts'
export { renderBest } from './table/renderBest.ts'
export { renderChecks } from './table/renderChecks.ts'
export { renderContrasts } from './table/renderContrasts.ts'
export { renderCurvesTable } from './table/renderCurves.ts'
export { renderFit } from './table/renderFit.ts'
export { minimaYaml, renderMinima } from './table/renderMinima.ts'
export { renderOracle } from './table/renderOracle.ts'
export { renderRecords, type TableOptions } from './table/renderRecords.ts'
export { renderTable } from './table/renderTable.ts'
export { renderTheorem } from './table/renderTheorem.ts'
export { stoppedText } from './table/stoppedText.ts'
export { wrapped } from './table/text.ts'
