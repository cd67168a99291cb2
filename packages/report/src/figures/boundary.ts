import type { SweptAxis } from '../axes/sweptAxes.ts'
import { cellsWhere } from '../axes/where.ts'
import type { CrossingResult } from '../document/crossing.ts'
import type { ResultsData } from '../document/results.ts'
import { FigureError } from '../error.ts'
import { numberAxis, withMargin } from '../figure/axis.ts'
import type { Figure, FigureOptions, Layer, Point } from '../figure/figure.ts'
import { figureFromParts, pointsLayer } from '../figure/layer.ts'
import { colouredSeries, rolesOf, selectCells } from '../figure/selectCells.ts'
import type { FigureTerm } from '../figure/term.ts'
import { placeText, quantityOf } from '../figure/words.ts'
import { confidenceText, grouped, short } from '../format/quantity.ts'
import { texts } from '../format/text.ts'
import { axisAcross, inOrder, placeOn, titleOf } from './line.ts'

export const boundary: FigureTerm = {
  label: 'threshold boundary',
  applies: ({ requests }) => requests?.threshold !== false || 'the sweep has no threshold search',
  options: ['x', 'by', 'log', 'where'],
  howToRead:
    'Each point marks a crossing, where the probability passes through the requested value. The crossing is between ' +
    'the two ends of the bar: at one end the probability is below the value, and at the other end it is above. ' +
    'A search chose the settings of the trials in order to locate the crossings.',
  async ofSweep({ request, results }) {
    const found = await results()
    selectCells(found, request.where)
    return boundaryFigure(found, request)
  },
}

/** Draws the places on the `over` axis where a probability crosses the threshold, against another axis. */
export function boundaryFigure(
  { sweep, crossings = [] }: Pick<ResultsData, 'sweep' | 'crossings'>,
  options: FigureOptions = {},
): Figure {
  const [first] = crossings
  if (first === undefined)
    throw new FigureError('NOTHING_TO_DRAW', `${sweep.name} has no threshold search, or the search has not started`, {
      hint: 'add `threshold:` to the spec',
    })
  const { estimate, equals, over, from, to } = first
  const { cells: all, axes } = cellsWhere(crossings, options.where)
  const { roles, ...held } = rolesOf(axes, ['x', 'by'], options, all)
  const { x, by } = roles
  const { series, cells: lines, sentences } = colouredSeries(by, held)
  if (lines.length === 0) throw new FigureError('NOTHING_TO_DRAW', `no cell of ${sweep.name} matches ${options.where}`)
  const log = options.log ?? []
  const across = axisAcross(x, log)
  const layers = series.map(({ name, has }): Layer => {
    const points = lines.filter(({ params }) => has(params)).flatMap((line) => pointsOf(line, axes, x))
    // Several crossings at one value of the axis cannot be joined by a curve, so only points are drawn.
    const isCurve = across.categories === null && new Set(points.map((point) => point.x)).size === points.length
    return pointsLayer(name, inOrder(points, across.categories), isCurve)
  })
  const title = over.split('.').at(-1)!
  const event = `${quantityOf(estimate).label} = ${equals}`
  return figureFromParts({
    figure: 'boundary',
    title: titleOf(sweep.name, `where ${event}${x === undefined ? '' : `, ${title}`}`, x, by),
    sweep,
    of: estimate,
    x: across,
    y: withMargin(numberAxis(title, [from, to], { scale: log.includes('y') ? 'log' : 'linear', path: over })),
    seriesTitle: by?.title ?? null,
    series: series.flatMap(({ name }) => (name === null ? [] : [name])),
    layers,
    caption: [...sentencesOf(lines, event), ...sentences],
  })
}

function pointsOf(line: CrossingResult, axes: readonly SweptAxis[], x: SweptAxis | undefined): Point[] {
  const where = placeText(axes, line.params)
  const { side, from, to, over } = line
  // At all visited points, the probability is on one side of the requested value.
  if (line.crossings.length === 0 && side !== null) {
    const text = `${where === '' ? '' : `${where} · `}no crossing of ${over} from ${from} to ${to}`
    const at = { cell: null, x: placeOn(x, line.params), doubt: null, text }
    return [
      side === 'below'
        ? { ...at, y: to, low: to, high: null, limit: 'lower' }
        : { ...at, y: from, low: null, high: from, limit: 'upper' },
    ]
  }
  return line.crossings.map(({ value, low, high, direction, cells }) => ({
    cell: cells[0],
    x: placeOn(x, line.params),
    y: value,
    low,
    high,
    limit: null,
    doubt: line.located ? null : 'doubtful',
    text:
      `${where === '' ? '' : `${where} · `}${line.over} ${value} [${low}, ${high}], ${direction} · ` +
      `${line.points} of ${line.grid} grid points visited, ${short(BigInt(line.trials))} trials`,
  }))
}

function sentencesOf(lines: readonly CrossingResult[], event: string): string[] {
  const { confidence, from, to } = lines[0]!
  const visited = lines.reduce((sum, { points }) => sum + points, 0)
  const grid = lines.reduce((sum, { grid }) => sum + grid, 0)
  const directions = new Set(lines.flatMap(({ crossings }) => crossings.map(({ direction }) => direction)))
  const told = (is: (line: CrossingResult) => boolean, text: string) => {
    const count = lines.filter(is).length
    return count > 0 && `${count} of ${lines.length} searches: ${text}`
  }
  const oneSided = (side: 'above' | 'below') =>
    told(
      (line) => line.side === side,
      `no crossing; at all visited points from ${from} to ${to}, the probability is ${side} the requested value.`,
    )
  return texts(
    `Between the ends of each bar, the probability crosses the requested value (${event}). All bars are valid ` +
      `simultaneously at ${confidenceText(confidence)} confidence. ${grouped(visited)} of ${grouped(grid)} grid ` +
      'points were visited.',
    directions.size === 1 &&
      `The probability is ${directions.has('rising') ? 'larger' : 'smaller'} above the boundary than below it.`,
    oneSided('below'),
    oneSided('above'),
    told(({ found }) => found === 'several', 'several crossings.'),
    told(
      ({ found }) => found === 'undecided',
      'undecided; more trials can show at which points the probability is above or below the requested value.',
    ),
    told(
      ({ located, crossings }) => !located && crossings.length > 0,
      'the points are hollow, because at least one bar is longer than two grid steps; more trials shorten the bars.',
    ),
  )
}
