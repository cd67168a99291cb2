import { cellsWhere } from '../axes/where.ts'
import type { CellCurve, CurvesData } from '../document/curves.ts'
import { collectAll } from '../document/streamed.ts'
import { FigureError } from '../error.ts'
import { numberAxis } from '../figure/axis.ts'
import { type Figure, type FigureOptions, type Layer, layersOf, type Point } from '../figure/figure.ts'
import { bandLayer, figureFromParts, lineLayer, pointsLayer } from '../figure/layer.ts'
import { colouredSeries, inPanels, maxSeries, rolesOf, seriesOf, varyingAxes } from '../figure/selectCells.ts'
import type { FigureTerm } from '../figure/term.ts'
import { cellText } from '../figure/words.ts'
import { countText, estimateText, methodText } from '../format/quantity.ts'
import { texts } from '../format/text.ts'

export const curve: FigureTerm = {
  label: 'escaped fraction by step',
  applies: ({ estimates }) => estimates.length === 0 || estimates.includes('escape') || 'the sweep estimates no escape',
  options: ['by', 'panel', 'log', 'where', 'cell'],
  howToRead:
    'The curve rises with every trial that escapes. All trials have the same horizon, so the height of the curve is ' +
    'a share of all trials. The dark band is valid at each step separately, the light band at all steps together. ' +
    'Competing outcomes are also shares of all trials.',
  async ofSweep({ source, sweep, request }) {
    if (request.cell === undefined)
      return source.withCurves(sweep, async (curves) => curveFigure(await collectAll(curves), request))
    const { sweep: head, curve } = await source.cell({ sweep, cell: String(request.cell) })
    return curveFigure({ sweep: head, cells: curve === undefined ? [] : [curve] }, request)
  },
}

type EndCurve = CellCurve['ends'][number]

/** Competing outcomes are drawn if the figure has room for them. */
export function curveFigure(curves: CurvesData, options: FigureOptions = {}): Figure {
  const { sweep } = curves
  const { cells: found, axes } = cellsWhere(curves.cells, options.where)
  if (found.length === 0)
    throw new FigureError(
      'NOTHING_TO_DRAW',
      curves.cells.length === 0 ? `no cell of ${sweep.name} has a curve` : `no cell matches ${options.where}`,
      { hint: 'a curve needs trials of the direct method with an escape event' },
    )
  const { roles, ...held } = rolesOf(axes, ['by', 'panel'], options, found)
  const coloured = colouredSeries(roles.by, held)
  const drawnOf = (among: readonly CellCurve[]) =>
    coloured.series.flatMap(({ name, has }) => {
      const cell = among.find(({ params }) => has(params))
      return cell === undefined ? [] : [{ name, cell }]
    })
  const outcomes = new Set(coloured.cells.flatMap(({ ends }) => ends.map(({ end }) => end)))
  const withEnds = outcomes.size > 0 && coloured.series.length * (1 + outcomes.size) <= maxSeries
  const { cells, sentences, layers, panels } = inPanels(roles.panel, coloured, (among) =>
    drawnOf(among).flatMap(({ name, cell }): Layer[] => {
      const text = cellText(varyingAxes(axes), cell)
      const called = (end: string) => (withEnds ? (name === null ? end : `${name} · ${end}`) : name)
      return [
        ...escapeLayers(cell, called('escape'), text),
        ...(withEnds ? cell.ends.flatMap((end) => endLayers(end, called(end.end)!, `${text} · ${end.end}`)) : []),
      ]
    }),
  )
  const drawn = seriesOf(roles.panel, cells).flatMap(({ has }) => drawnOf(cells.filter(({ params }) => has(params))))
  const ends = drawn.flatMap(({ cell }) => cell.ends)
  const horizon = Math.max(1, ...drawn.map(({ cell }) => cell.points.at(-1)?.step ?? 0))
  const bounded = [...drawn.map(({ cell }) => cell.points), ...(withEnds ? ends.map(({ points }) => points) : [])]
  const highest = Math.max(1e-6, ...bounded.flatMap((points) => points.map(({ high }) => high)))
  const label = withEnds ? 'share of trials ended by step n' : 'F(n) = P(escape by step n)'
  const isLog = options.log?.includes('x') === true
  const first = Math.max(1, Math.min(...drawn.map(({ cell }) => cell.points[0]?.step ?? 1)))
  const events = [...new Set(drawn.map(({ cell }) => cell.event))]
  const series = layersOf({ layers, panels }).flatMap((layer) =>
    'series' in layer && layer.series !== null ? [layer.series] : [],
  )
  return figureFromParts({
    figure: 'curve',
    title: `${sweep.name}: share of trials that have ${withEnds ? 'ended' : 'escaped'} by step n`,
    sweep,
    of: 'escape',
    x: numberAxis('step n', [isLog ? first : 0, horizon], { scale: isLog ? 'log' : 'linear' }),
    y: numberAxis(label, [0, Math.min(1, highest * 1.05)]),
    seriesTitle: [roles.by?.title ?? [], withEnds ? 'outcome' : []].flat().join(' · ') || null,
    series: [...new Set(series)],
    layers,
    panels,
    caption: texts(
      `Event: ${events.join(' or ')}.`,
      [...new Set(drawn.map(({ cell }) => bandsSentence(cell)))],
      endSentences(ends, withEnds),
      stillSentence(drawn.map(({ cell }) => cell)),
      sentences,
    ),
  })
}

function stillSentence(cells: readonly CellCurve[]): string | false {
  const last = cells.flatMap(({ points }) => points.at(-1) ?? []).filter(({ value }) => value === 0)
  const limits = [...new Set(last.map((point) => estimateText(point).interval))]
  return (
    last.length > 0 &&
    `No trial escaped in ${countText(last.length, 'curve')}: ${limits.join(' or ')} at the last step.`
  )
}

const bandsSentence = (cell: CellCurve): string =>
  `Dark band: ${methodText(cell)}, valid at each step separately. Light band: ${cell.band}, valid at all ` +
  'steps simultaneously.'

function escapeLayers({ points }: CellCurve, series: string | null, text: string): Layer[] {
  const band = sinceNothing(points).map(({ step, bandLow, bandHigh }) => ({ x: step, low: bandLow, high: bandHigh }))
  return [bandLayer(series, 'simultaneous', band, `${text} · band over all steps`), ...incidence(points, series, text)]
}

/** Counts that are known only at the horizons are drawn as points. */
function endLayers({ isWhole, points }: EndCurve, series: string, text: string): Layer[] {
  if (isWhole) return incidence(points, series, text)
  const placed = points.map(
    ({ step, events, value, low, high }): Point => ({
      cell: null,
      x: step,
      y: value,
      low,
      high,
      limit: events === 0 ? 'upper' : null,
      doubt: null,
      text: `${text} · ${events} trials by step ${step}`,
    }),
  )
  return [pointsLayer(series, placed, true)]
}

type StepPoint = Pick<CellCurve['points'][number], 'step' | 'value' | 'low' | 'high'>

/**
 * Extends a curve back to step 0 if no event happened up to its first point. In this case, the limits of the first
 * point hold at all earlier steps, because the count is 0 there too.
 */
function sinceNothing<Point extends StepPoint>(points: readonly Point[]): readonly Point[] {
  const [first] = points
  return first === undefined || first.value > 0 || first.step === 0 ? points : [{ ...first, step: 0 }, ...points]
}

function incidence(points: readonly StepPoint[], series: string | null, text: string): Layer[] {
  const from = points[0]?.step === 0 ? [] : [{ x: 0, y: 0 }]
  const band = sinceNothing(points).map(({ step, low, high }) => ({ x: step, low, high }))
  const line = [...from, ...points.map(({ step, value }) => ({ x: step, y: value }))]
  return [
    bandLayer(series, 'interval', band, `${text} · limits at each step`),
    lineLayer(series, 'estimate', line, text),
  ]
}

function endSentences(ends: readonly EndCurve[], drawn: boolean): string[] {
  if (ends.length === 0) return []
  if (!drawn) return [`Competing outcomes are not drawn, because there would be more than ${maxSeries} curves.`]
  const held = [...new Set(ends.filter(({ isWhole }) => !isWhole).map(({ end }) => end))]
  return texts(
    'Each outcome is shown as a fraction of all trials (cumulative incidence), with limits at each step.',
    held.length > 0 &&
      `${held.join(', ')} ${held.length === 1 ? 'is' : 'are'} drawn as points, because ` +
        `${held.length === 1 ? 'its' : 'their'} counts are known only at some steps.`,
  )
}
