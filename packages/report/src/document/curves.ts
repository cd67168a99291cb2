import { count, curvePointShape, endCurveShape, type Plain, share } from '@driftfarm/statistics'
import * as z from 'zod'
import { csvLine } from '../format/csv.ts'
import { chunked, documentJson } from '../format/json.ts'
import { confidenceText } from '../format/quantity.ts'
import { fitColumns, lineOf, painter, type TableOptions, titleLines } from '../format/table.ts'
import { columnsOf, define } from './define.ts'
import { integerShape, originShape, sweepShape } from './fields.ts'
import { type Streamed, type StreamedView, streamedJson } from './streamed.ts'

/**
 * The rows of a cell with more trials than this are not read for its curve. Its exits and divergence are then known
 * only at the tallied horizons.
 */
export const maxRowsRead = 200_000

export const curveShape = originShape.extend({
  trials: integerShape,
  event: z.enum(['first escape', 'escape before converging']),
  confidence: share,
  method: z.string().regex(/^(clopper-pearson|beta-binomial)(\/[0-9]+)?$/),
  band: z.string().regex(/^dkw(-union)?(\/[0-9]+)?$/),
  points: z.array(curvePointShape),
  ends: z
    .array(endCurveShape)
    .describe(
      'Cumulative incidence, as a fraction of all trials, of each competing outcome: named exits, convergence, and ' +
        'divergence if it happened. Empty if no outcome competes with the escape.',
    ),
  simultaneous: z.exactOptional(
    count.describe('Number of cells among which the error probability 1 - confidence is divided.'),
  ),
})
export type CellCurve = Plain<z.infer<typeof curveShape>>

/** The escape curve of each cell that has trials and an escape event. */
const curvesShape = z.strictObject({
  sweep: sweepShape.pick({ id: true, name: true, state: true, seed: true }),
  cells: z.array(curveShape),
})
export type CurvesData = Plain<z.infer<typeof curvesShape>>

const columns = ['cell', ...columnsOf(curvePointShape)] as const

type Row = Readonly<Record<(typeof columns)[number], number>>

const rowsOf = ({ index, points }: CellCurve): Row[] => points.map((point) => ({ cell: index, ...point }))

/** The Curves document, whose cells are read one at a time. */
export type StreamedCurves = Streamed<Pick<CurvesData, 'sweep'>, CellCurve, object>

const streamed: StreamedView<StreamedCurves> = {
  table: streamTable,
  csv: async function* ({ cells }) {
    yield csvLine(columns)
    yield* linesOf(cells(), (row) => csvLine(columns.map((name) => row[name])))
  },
  jsonl: ({ cells }) => linesOf(cells(), (row) => `${documentJson(row)}\n`),
  json: (data, more) => streamedJson('Curves', data, more),
}

/** What `results --curve` prints. CSV and JSON lines have one line for each point. */
export const curves = { ...define('Curves', curvesShape), streamed }

/** The column widths depend on all cells, so the cells are read twice. */
async function* streamTable({ cells }: StreamedCurves, options: TableOptions = {}): AsyncGenerator<string> {
  const widths = columns.map((title) => title.length)
  const kinds = new Set<string>()
  for await (const cell of cells()) {
    kinds.add(kindOf(cell))
    for (const row of rowsOf(cell))
      for (const [at, name] of columns.entries()) widths[at] = Math.max(widths[at]!, textOf(row[name]).length)
  }
  const measured = columns.map((title, at) => ({ title, align: 'right', width: widths[at]! }) as const)
  const fitted = fitColumns(measured, options.width ?? 100)
  const line = (text: string): string => `${text}\n`
  const titles = titleLines(fitted, painter(options.color ?? false))
  yield titles.map(line).join('')
  const textsOf = (row: Row): string[] => columns.map((name) => textOf(row[name]))
  yield* linesOf(cells(), (row) => line(lineOf(fitted, textsOf(row))))
  yield [...kinds].map(line).join('')
}

const linesOf = (cells: AsyncIterable<CellCurve>, line: (row: Row) => string): AsyncGenerator<string> =>
  chunked(cells, (cell) => rowsOf(cell).map(line).join(''))

/** Significant digits of a probability in the table; other formats print all digits. */
const digits = 6

const textOf = (value: number): string => String(Number.isInteger(value) ? value : Number(value.toPrecision(digits)))

function kindOf({ confidence, method, band, event, simultaneous }: CellCurve): string {
  const cells = simultaneous === undefined ? '' : `; simultaneous over ${simultaneous} cells`
  return `${event}; limits at each step: ${confidenceText(confidence)} ${method}; band over all steps: ${band}${cells}`
}
