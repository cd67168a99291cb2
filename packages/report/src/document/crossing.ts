import { count, type Plain, share } from '@driftfarm/statistics'
import * as z from 'zod'
import { csvLines } from '../format/csv.ts'
import { jsonLines } from '../format/json.ts'
import { paramColumns, paramTitles } from '../format/label.ts'
import { confidenceText, grouped, short, significant } from '../format/quantity.ts'
import { painter, type RecordColumn, renderColumns, type TableOptions } from '../format/table.ts'
import { texts, wrapped } from '../format/text.ts'
import { columnsOf, type View } from './define.ts'
import { integerShape, paramsShape } from './fields.ts'

const number = z.number()

export const crossingShape = z
  .strictObject({
    params: paramsShape.describe('Values of the swept paths other than `over`.'),
    estimate: z.string(),
    equals: share.describe('The threshold.'),
    over: z.string().describe('The swept path along which a crossing is searched for.'),
    from: number.describe('Start of the searched range, which ends at `to`.'),
    to: number,
    step: number.describe('Distance between neighbouring points of the search grid.'),
    found: z
      .enum(['one', 'several', 'none', 'undecided'])
      .describe(
        'none: all visited points are on one side of the threshold. undecided: the side of some visited points is ' +
          'unknown, and no two points are known to be on different sides.',
      ),
    crossings: z.array(
      z.strictObject({
        value: number.describe('The point at which the estimates reach the threshold, by linear interpolation.'),
        low: number.describe('The probability crosses the threshold between `low` and `high`.'),
        high: number,
        direction: z
          .enum(['rising', 'falling'])
          .describe('Whether the probability rises or falls from `low` to `high`.'),
        cells: z
          .tuple([count, count])
          .describe('Indices of the cells at `low` and `high`, on different sides of the threshold.'),
      }),
    ),
    side: z
      .enum(['above', 'below'])
      .nullable()
      .describe('The side of the threshold on which all visited points lie, if `found` is `none`; else null.'),
    located: z
      .boolean()
      .describe(
        'Whether `low` and `high` of every crossing are at most two grid steps apart; false if `found` is undecided.',
      ),
    points: count.describe('Number of grid points visited.'),
    grid: count.describe('Number of all grid points, visited or not.'),
    trials: integerShape.describe('Number of trials at all visited points.'),
    confidence: share.describe('Confidence with which the limits of all crossings hold simultaneously.'),
  })
  .describe('Where a probability crosses a threshold, for one combination of values of the other axes.')
export type CrossingResult = Plain<z.infer<typeof crossingShape>>

/** Shows only the crossings of a threshold. In JSON, the crossings are part of the results. */
export const crossingsOfResults: Required<View<{ readonly crossings?: readonly CrossingResult[] }>> = {
  table: ({ crossings = [] }, options) =>
    `${(crossings.length === 0 ? ['no threshold was requested'] : crossingLines(crossings, options)).join('\n')}\n`,
  csv: renderCrossingsCsv,
  jsonl: ({ crossings = [] }) => jsonLines(crossings),
}

interface Row {
  readonly line: CrossingResult
  readonly crossing: CrossingResult['crossings'][number] | null
}

const rowsOf = (line: CrossingResult): Row[] =>
  line.crossings.length === 0 ? [{ line, crossing: null }] : line.crossings.map((crossing) => ({ line, crossing }))

export function crossingLines(all: readonly CrossingResult[], options: TableOptions = {}): string[] {
  const { width = 100, color = false } = options
  const [first] = all
  if (first === undefined) return []
  const paint = painter(color)
  const paths = [...new Set(all.flatMap(({ params }) => Object.keys(params)))]
  const titles = paramTitles([...paths, first.over])
  const rows = all.flatMap(rowsOf)
  const digits = digitsOf(first.step)
  const lines = rows.map(({ line }) => line)
  const found = ({ line, crossing }: Row) =>
    crossing === null ? withoutCrossing(line) : `${crossingText(crossing, digits)}${line.located ? '' : ' *'}`
  const table = renderColumns(options, rows, [
    ...paramColumns(titles, paths, lines),
    [titles.at(-1)!, found],
    ['points', ({ line }) => line.points],
    ['trials', ({ line }) => short(BigInt(line.trials)), 'right'],
  ])
  const visited = all.reduce((sum, { points }) => sum + points, 0)
  const grid = all.reduce((sum, { grid }) => sum + grid, 0)
  const notes = texts(
    `At ${confidenceText(first.confidence)} confidence for all lines together, ${first.estimate} crosses ` +
      `${first.equals} between the two limits in brackets. ` +
      `${grouped(visited)} of ${grouped(grid)} grid points were visited. ` +
      'If two crossings are at most an eighth of the range apart, both may be missed.',
    !all.every(({ located }) => located) &&
      `* not located to within ${significant(2 * first.step, 3)}; for narrower limits, use more trials per point ` +
        '(a larger --trials)',
  )
  return [
    ...table.trimEnd().split('\n'),
    '',
    ...notes.flatMap((note) => wrapped(note, width)).map((line) => paint('dim', line)),
  ]
}

function crossingText({ value, low, high, direction }: NonNullable<Row['crossing']>, digits: number): string {
  const limits = `[${outward(low, digits, Math.floor)}, ${outward(high, digits, Math.ceil)}]`
  return `${value.toFixed(digits)} ${limits}${direction === 'falling' ? ' falling' : ''}`
}

function withoutCrossing({ found, estimate, side, equals, from, to }: CrossingResult): string {
  return found === 'none' ? `none: ${estimate} ${side} ${equals} from ${from} to ${to}` : 'undecided *'
}

function outward(limit: number, digits: number, round: (x: number) => number): string {
  const scale = 10 ** digits
  // The product is rounded to 14 digits, so that rounding error does not move a limit that already has at most `digits`
  // decimals.
  return (round(Number((limit * scale).toPrecision(14))) / scale).toFixed(digits)
}

/** Number of decimals that distinguish neighbouring grid points. */
function digitsOf(step: number): number {
  return Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(step))))
}

const before = ['value', 'low', 'high', 'direction'] as const
const after = columnsOf(crossingShape).filter((key) => key !== 'params' && key !== 'crossings' && key !== 'grid')

/** A grid line without a crossing has one row, in which the fields of the crossing are empty. */
export function renderCrossingsCsv({ crossings = [] }: { readonly crossings?: readonly CrossingResult[] }) {
  const paths = [...new Set(crossings.flatMap(({ params }) => Object.keys(params)))]
  return csvLines(crossings.flatMap(rowsOf), [
    ...paths.map((path): RecordColumn<Row> => [path, ({ line }) => line.params[path]]),
    ...before.map((key): RecordColumn<Row> => [key, ({ crossing }) => crossing?.[key]]),
    ['cells.low', ({ crossing }) => crossing?.cells[0]],
    ['cells.high', ({ crossing }) => crossing?.cells[1]],
    ...after.map((key): RecordColumn<Row> => [key, ({ line }) => line[key]]),
  ])
}
