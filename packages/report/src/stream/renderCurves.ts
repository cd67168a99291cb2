import { type CurvesData, curveColumns, curveRows } from '../document/curves.ts'
import { documentJson } from '../document/envelope.ts'
import { csvLine } from './csv.ts'

/** Curves, a line a point. */
export function* renderCurvesCsv(curves: CurvesData): Generator<string> {
  yield csvLine(curveColumns)
  for (const row of curveRows(curves)) yield csvLine(curveColumns.map((name) => row[name]))
}

/** Curves, a JSON object a point. */
export function* renderCurvesJsonl(curves: CurvesData): Generator<string> {
  for (const row of curveRows(curves)) yield `${documentJson(row)}\n`
}
