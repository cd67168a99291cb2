import { count, type Plain, share } from '@driftfarm/statistics'
import * as z from 'zod'
import { csvLines } from '../stream/csv.ts'
import { jsonLines } from '../stream/jsonLines.ts'
import { renderRecords, type TableOptions } from '../table/renderRecords.ts'
import { columnsOf, define } from './define.ts'
import type { Envelope } from './envelope.ts'
import { integerShape } from './number.ts'
import { originShape } from './origin.ts'
import { sweepShape } from './sweep.ts'

const pointShape = z.strictObject({
  step: count,
  escaped: count.describe('Trials that had escaped at this step or before.'),
  value: share.describe('escaped / trials.'),
  low: share.describe('Limits at this step alone.'),
  high: share,
  bandLow: share.describe('Limits that hold at all steps together.'),
  bandHigh: share,
})

const curveShape = originShape.extend({
  trials: integerShape,
  event: z.enum(['first escape', 'escape before converging']),
  confidence: share,
  method: z.string().regex(/^(clopper-pearson|beta-binomial)(\/[0-9]+)?$/),
  band: z.string().regex(/^dkw(-union)?(\/[0-9]+)?$/),
  points: z.array(pointShape),
  simultaneous: z.exactOptional(count.describe('Cells that share 1 - confidence.')),
})
export type CellCurve = Plain<z.infer<typeof curveShape>>

/** The curve of escapes of each cell that has an escape event and trials. */
const curvesShape = z.strictObject({
  sweep: sweepShape.pick({ id: true, name: true, state: true, seed: true }),
  cells: z.array(curveShape),
})
export type CurvesData = Plain<z.infer<typeof curvesShape>>
export type CurvesDocument = Envelope<'Curves', CurvesData>

/** The columns of a record for one point of a curve. */
const columns = ['cell', ...columnsOf(pointShape)] as const

function* rowsOf({ cells }: CurvesData): Generator<Readonly<Record<(typeof columns)[number], number>>> {
  for (const { index, points } of cells) for (const point of points) yield { cell: index, ...point }
}

/** What `results --curve` prints. CSV and JSON lines have one line for each point. */
export const curves = define('Curves', curvesShape, {
  table: curvesTable,
  csv: (data) => csvLines(columns, rowsOf(data)),
  jsonl: (data) => jsonLines(rowsOf(data)),
})

/** Significant digits of a probability in the table; other formats have all digits. */
const digits = 6

/** Curves as a table: one line for each point, then the meaning of the limits. */
function curvesTable(data: CurvesData, options: TableOptions = {}): string {
  const rows = [...rowsOf(data)].map((row) =>
    columns.map((name) => (Number.isInteger(row[name]) ? row[name] : Number(row[name].toPrecision(digits)))),
  )
  const kinds = data.cells.map(({ confidence, method, band, event, simultaneous }) => {
    const percent = Number((confidence * 100).toPrecision(12))
    const cells = simultaneous === undefined ? '' : ` over ${simultaneous} cells`
    return `${event}; at each step ${percent} % ${method}, at all together ${band}${cells}`
  })
  return [renderRecords(columns, rows, options), ...[...new Set(kinds)].map((kind) => `${kind}\n`)].join('')
}
