import type { Estimate } from '@driftfarm/statistics'
import { areMonotone } from '../axes/jointAxes.ts'
import { distinct, type Params, type Place, type SweptAxis, sweptAxes } from '../axes/sweptAxes.ts'
import { doubtOf } from '../document/findings.ts'
import type { OracleData } from '../document/oracle.ts'
import type { TheoremData } from '../document/theorem.ts'
import { FigureError } from '../error.ts'
import { axisOfPath, finite, oneCell, valueAxis, withMargin } from '../figure/axis.ts'
import { type Axis, type Figure, type FigureOptions, layersOf, type Point } from '../figure/figure.ts'
import { bracketLayers, exactLayers } from '../figure/known.ts'
import { figureFromParts, pointsLayer } from '../figure/layer.ts'
import {
  colouredSeries,
  estimateOf,
  type FiguredCell,
  type FiguredResults,
  inPanels,
  rolesOf,
  selectCells,
  varyingAxes,
} from '../figure/selectCells.ts'
import type { FigureQuery, FigureTerm } from '../figure/term.ts'
import {
  cellText,
  doubtSentences,
  intervalsSentence,
  limitSentences,
  oneSidedLimit,
  pointText,
  quantityOf,
  unboundedSentence,
} from '../figure/words.ts'
import { texts } from '../format/text.ts'

export const line: FigureTerm = {
  label: 'estimate against an axis',
  options: ['x', 'by', 'panel', 'of', 'log', 'where', 'oracle', 'theorem', 'over'],
  howToRead:
    'Each point is a cell: all trials at one setting. The bar through the point is the confidence interval; the ' +
    'caption gives its confidence. According to the checks, hollow points are doubtful and crossed points are wrong.',
  async ofSweep(query) {
    const own = await query.results()
    const known = await knownOf(query, selectCells(own, query.request.where).cells)
    const { over, ...options } = query.request
    if (over === undefined) return lineFigure(own, options, known)
    return lineFigure(await overlaid(query, over.split(',')), { by: 'sweep', ...options }, known)
  },
}

/** The cells of several sweeps as those of one sweep with the axis `sweep`. */
async function overlaid({ source, sweep, results }: FigureQuery, others: readonly string[]): Promise<FiguredResults> {
  const found = await Promise.all(others.map((text) => source.find(text)))
  const all = await Promise.all([sweep, ...new Set(found.map(({ id }) => id))].map((id) => results(id)))
  const axes = all.map(({ cells }) =>
    varyingAxes(sweptAxes(cells))
      .map(({ path }) => path)
      .join(' and '),
  )
  if (new Set(axes).size > 1)
    throw new FigureError('NO_SUCH_FIGURE', `the sweeps vary ${axes.map((each) => each || 'nothing').join(', ')}`, {
      hint: 'only sweeps over the same axes can be drawn in one figure',
    })
  const names = distinct(all.map(({ sweep: { name } }) => name))
  const cells = all.flatMap((each, at) =>
    each.cells.map((cell) => ({ ...cell, params: { ...cell.params, sweep: names[at]! } })),
  )
  return { ...all[0]!, cells }
}

/** Exact values and bounds are drawn for at most this many cells. For more cells, they would take minutes. */
const maxExact = 100

async function knownOf(
  { source, sweep, request: { oracle, theorem, onCells } }: FigureQuery,
  cells: readonly FiguredCell[],
): Promise<Known> {
  if (oracle !== true && theorem !== true) return {}
  if (cells.length > maxExact)
    throw new FigureError(
      'NO_SUCH_FIGURE',
      `exact values and bounds can be drawn for at most ${maxExact} cells, not for ${cells.length}`,
      { hint: 'choose fewer cells with --where' },
    )
  const ofEach = async <Data extends OracleData | TheoremData>(ask: (cell: string) => Promise<Data>): Promise<Data> => {
    const answers: Data[] = []
    for (const { index } of cells) {
      answers.push(await ask(String(index)))
      onCells?.(answers.length, cells.length)
    }
    return { ...answers[0]!, cells: answers.flatMap<Data['cells'][number]>((answer) => answer.cells) }
  }
  return {
    ...(oracle === true ? { oracle: await ofEach((cell) => source.exact({ sweep, cell })) } : {}),
    ...(theorem === true ? { theorem: await ofEach((cell) => source.theorem({ sweep, cell })) } : {}),
  }
}

/**
 * Exact values and bounds, known without trials. The figure draws the ones for the estimated event behind the
 * estimates, and leaves out the others.
 */
interface Known {
  readonly oracle?: OracleData
  readonly theorem?: TheoremData
}

export function lineFigure(results: FiguredResults, options: FigureOptions = {}, known: Known = {}): Figure {
  const { cells: all, axes } = selectCells(results, options.where)
  const of = estimateOf(all, options.of)
  const { roles, along, ...held } = rolesOf(axes, ['x', 'by', 'panel'], options, all)
  const { x, by, panel } = roles
  const coloured = colouredSeries(by, held)
  const { series } = coloured
  const quantity = quantityOf(of)
  // A design varies several axes at once. Neighbouring points then also differ along axes that are not drawn, so no
  // line may join the points.
  const isScattered = x !== undefined && along.some((axis) => !areMonotone(x, axis, all))
  const log = options.log ?? []
  const across = axisAcross(x, log)

  const pointOf = (cell: FiguredCell, estimate: Estimate): Point => ({
    cell: cell.index,
    x: placeOn(x, cell.params),
    y: estimate.value,
    low: finite(estimate.low),
    high: finite(estimate.high),
    limit: oneSidedLimit(estimate, quantity.isShare),
    doubt: doubtOf(cell),
    text: pointText(cellText(axes, cell), of, estimate, cell.trials),
  })
  /** Exact values and bounds of these cells. */
  const knownIn = (among: readonly FiguredCell[]) => {
    // Exact values are those of the first sweep, so its cells come last here.
    const places = new Map(among.toReversed().map((cell) => [cell.index, placeOn(x, cell.params)] as const))
    const seriesAt = (index: number): string | null => {
      const cell = among.find((each) => each.index === index)
      return series.find(({ has }) => cell !== undefined && has(cell.params))?.name ?? null
    }
    const placement = { places, seriesAt }
    return { exact: exactLayers(known.oracle, of, placement), bracket: bracketLayers(known.theorem, of, placement) }
  }
  const { cells, sentences, layers, panels } = inPanels(panel, coloured, (among) => {
    const { exact, bracket } = knownIn(among)
    const points = series.map(({ name, has }) => {
      const own = among.flatMap((cell) => {
        const estimate = has(cell.params) ? cell.estimates[of] : undefined
        return estimate !== undefined && Number.isFinite(estimate.value) ? [pointOf(cell, estimate)] : []
      })
      // No line joins categories, since there are no values between them. If the figure has a line of exact values, no
      // line joins the estimates, since two lines would look like two different results.
      const joined = across.categories === null && exact.layers.length === 0 && !isScattered
      return pointsLayer(name, inOrder(own, across.categories), joined)
    })
    return [...bracket.layers, ...exact.layers, ...points]
  })
  const estimates = cells.flatMap(({ estimates: { [of]: estimate } }) => (estimate === undefined ? [] : [estimate]))
  const drawn = layersOf({ layers, panels })
  const points = drawn.flatMap((layer) => (layer.type === 'points' ? layer.points : []))
  const { exact, bracket } = knownIn(cells)
  const isLog = log.includes('y')
  const infinite = estimates.filter(({ value }) => !Number.isFinite(value)).length
  const without = cells.length - estimates.length
  const extent = [
    ...points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y]),
    ...exact.layers.flatMap((layer) => (layer.type === 'line' ? layer.points.map(({ y }) => y) : [])),
  ]
  return figureFromParts({
    figure: 'line',
    title: titleOf(results.sweep.name, quantity.label, x, by, panel),
    sweep: results.sweep,
    of,
    x: across,
    y: valueAxis(quantity.label, extent, { log: isLog, within: quantity.isShare ? [0, 1] : undefined }),
    seriesTitle: by?.title ?? null,
    series: series.flatMap(({ name }) => (name === null ? [] : [name])),
    layers,
    panels,
    caption: texts(
      intervalsSentence(estimates),
      limitSentences(points, 'arrows'),
      unboundedSentence(points),
      without > 0 && `Cells that have no estimate of ${of} yet: ${without} of ${cells.length}.`,
      infinite > 0 && `Cells without a finite estimate of ${of}: ${infinite} of ${cells.length}.`,
      sentences,
      exact.sentences,
      bracket.sentences,
      doubtSentences(points, 'points'),
    ),
  })
}

/** The place of a cell on the horizontal axis, also of a figure without a swept path. */
export const placeOn = (axis: SweptAxis | undefined, params: Params): Place =>
  axis === undefined ? 'all' : (axis.placeOf(params) ?? 'none')

export const axisAcross = (x: SweptAxis | undefined, log: NonNullable<FigureOptions['log']>): Axis =>
  x === undefined ? oneCell : withMargin(axisOfPath(x, log.includes('x') ? true : null))

export function titleOf(
  sweep: string,
  label: string,
  x?: SweptAxis,
  ...others: readonly (SweptAxis | undefined)[]
): string {
  const against = x === undefined ? '' : ` against ${x.title}`
  const by = others.flatMap((axis) => axis?.title ?? []).join(' and ')
  return `${sweep}: ${label}${against}${by === '' ? '' : `, by ${by}`}`
}

/** Sorts points from left to right. */
export function inOrder<P extends { readonly x: Place }>(
  points: readonly P[],
  categories: readonly string[] | null,
): P[] {
  const rank = (place: Place) => (typeof place === 'number' ? place : (categories?.indexOf(place) ?? 0))
  return points.toSorted((a, b) => rank(a.x) - rank(b.x))
}
