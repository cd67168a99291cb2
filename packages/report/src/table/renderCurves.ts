import { type CurvesData, curveColumns, curveRows } from '../document/curves.ts'
import { renderRecords, type TableOptions } from './renderRecords.ts'

/** Digits of a probability for people; other formats have all. */
const digits = 6

/** Curves for people: a line a point, then what the limits are. */
export function renderCurvesTable(curves: CurvesData, options: TableOptions = {}): string {
  const rows = [...curveRows(curves)].map((row) =>
    curveColumns.map((name) => (Number.isInteger(row[name]) ? row[name] : Number(row[name].toPrecision(digits)))),
  )
  const kinds = curves.cells.map(({ confidence, method, band, event, simultaneous }) => {
    const percent = Number((confidence * 100).toPrecision(12))
    const cells = simultaneous === undefined ? '' : ` over ${simultaneous} cells`
    return `${event}; at each step ${percent} % ${method}, at all together ${band}${cells}`
  })
  return [renderRecords(curveColumns, rows, options), ...[...new Set(kinds)].map((kind) => `${kind}\n`)].join('')
}
