import { compileScalar, type Expression, elementary, freeNames, parseNumber } from '@driftfarm/formula'
import { extentOf, intercept } from '@driftfarm/statistics'
import type { FitData, OneFit } from '../document/fit.ts'
import { titleOf } from '../document/fitTable.ts'
import { FigureError } from '../error.ts'
import { tickText } from '../format/digits.ts'
import { noFitTexts } from '../format/mergeStatements.ts'
import { sentenceOf, texts } from '../format/text.ts'
import { finite, numberAxis, withMargin } from './axis.ts'
import type { Axis, Figure, Point } from './figure.ts'
import { figureFromParts } from './layer.ts'
import type { FigureQuery } from './term.ts'
import { quantityOf } from './words.ts'

type FittedCell = OneFit['cells'][number]

interface FitAxis {
  readonly label: string
  /** True if the fit has several terms and several variables. The axis of such a fit shows the fitted value. */
  readonly isFitted: boolean
  readonly isLog: boolean
  placeOf(cell: FittedCell): number
  curveOf(fit: OneFit): readonly FitPoint[]
}

interface FitPoint {
  readonly x: number
  readonly y: number
  /** Pointwise limits of the fitted value; null if they are not finite, or if the axis shows the fitted value. */
  readonly low: number | null
  readonly high: number | null
}

/** Enough for a smooth curve. */
const places = 81

/**
 * With one term, the axis shows this term. With several terms of one variable, the axis shows the first term. With
 * several terms of several variables, the fit is a surface, which no curve can show. The axis then shows the fitted
 * value, and the curve is the line on which the observed value equals the fitted value.
 */
function fitAxis(data: FitData): FitAxis {
  const expressions = data.terms.map((term) => parseNumber(term))
  const names = new Set(expressions.flatMap((each) => [...freeNames(each).names]))
  const [name] = names
  if (data.terms.length === 1 || names.size === 1) {
    const termsAt = data.terms.length === 1 ? (x: number) => [x] : compiled(expressions, name!)
    const placeOf = ({ x }: FittedCell) => x[0]!
    const variableOf = data.terms.length === 1 ? placeOf : ({ params }: FittedCell) => valueOf(params, name!)
    const curveOf = (fit: OneFit) => along(fit.cells.map(variableOf)).map((at) => fittedAt(data, fit, termsAt(at)))
    return { label: data.terms[0]!, isFitted: false, isLog: false, placeOf, curveOf }
  }
  return {
    label: `fitted ${quantityOf(data.estimate).label}`,
    isFitted: true,
    isLog: data.link === 'log',
    placeOf: ({ fitted }) => fitted,
    curveOf: ({ cells }) => extentOf(cells.map((cell) => cell.fitted)).map((x) => ({ x, y: x, low: null, high: null })),
  }
}

function fittedAt({ link }: FitData, fit: OneFit, terms: readonly number[]): FitPoint {
  const hasIntercept = fit.coefficients[0]?.name === intercept
  const row = hasIntercept ? [1, ...terms] : terms
  const predictor = row.reduce((sum, value, at) => sum + value * Number(fit.coefficients[at]!.value), 0)
  const variance = row.reduce(
    (sum, value, i) => sum + row.reduce((part, other, j) => part + value * other * Number(fit.covariance[i]![j]!), 0),
    0,
  )
  const half = fit.quantile * Math.sqrt(Math.max(0, variance))
  const shown = (value: number) => (link === 'log' ? elementary.exp(value) : value)
  return {
    x: terms[0]!,
    y: shown(predictor),
    low: finite(shown(predictor - half)),
    high: finite(shown(predictor + half)),
  }
}

function compiled(expressions: readonly Expression[], name: string): (value: number) => readonly number[] {
  const slots = { names: new Map([[name, 0]]), arrays: new Map<string, number>() }
  const scalars = expressions.map((each) => compileScalar(each, slots))
  return (value) => scalars.map((scalar) => scalar(Float64Array.of(value), []))
}

function valueOf(params: Readonly<Record<string, unknown>>, name: string): number {
  const path = Object.keys(params).find((each) => each.split('.').at(-1) === name)
  return path === undefined ? Number.NaN : Number(params[path])
}

function along(values: readonly number[]): readonly number[] {
  const [low, high] = extentOf(values)
  return Array.from({ length: places }, (_, at) => low + ((high - low) * at) / (places - 1))
}

/** Maximum number of fits in a figure; more could not be distinguished. */
const maxFits = 8

/** A figure of fits, in which `partsOf` makes the layers and sentences. */
export function figureOfFits(
  data: FitData,
  figure: 'fit' | 'residuals',
  title: string,
  partsOf: (fits: readonly OneFit[], axis: FitAxis, x: Axis) => Pick<Figure, 'y' | 'layers' | 'caption'>,
): Figure {
  const { estimate, by, where } = data
  const axis = fitAxis(data)
  const fits = data.fits.slice(0, maxFits)
  const places = extentOf(fits.flatMap(({ cells }) => cells.map(axis.placeOf)))
  const x = withMargin(numberAxis(axis.label, places, { scale: axis.isLog ? 'log' : 'linear' }))
  const { caption, ...parts } = partsOf(fits, axis, x)
  return figureFromParts({
    figure,
    title: `${data.sweep.name}: ${title}`,
    sweep: null,
    of: estimate,
    seriesTitle: by && titleOf(data),
    series: fits.flatMap((fit) => seriesOf(fit) ?? []),
    x,
    ...parts,
    caption: texts(where !== null && `Only cells that match ${where} are fitted.`, caption, notDrawn(data)),
  })
}

export const seriesOf = ({ at }: OneFit): string | null =>
  at === null ? null : typeof at === 'number' ? tickText(at) : at

/** The cells of a fit as points, from left to right. */
export function pointsOf(
  { terms, estimate }: FitData,
  { cells }: OneFit,
  { placeOf }: FitAxis,
  heightOf: (cell: FittedCell) => Pick<Point, 'y' | 'low' | 'high' | 'limit'>,
): Point[] {
  const short = (value: number) => Number(value.toPrecision(6))
  return cells
    .toSorted((a, b) => placeOf(a) - placeOf(b))
    .map((cell) => ({
      cell: cell.index,
      x: placeOf(cell),
      ...heightOf(cell),
      doubt: null,
      text:
        `cell ${cell.index} · ${terms.map((term, at) => `${term} ${short(cell.x[at]!)}`).join(', ')} · ` +
        `${estimate} ${Number(cell.observed.toPrecision(4))} · events ${cell.events}, exposure ${cell.exposure} · ` +
        `residual ${cell.residual.toFixed(2)}`,
    }))
}

function notDrawn(data: FitData): string[] {
  const { fits, refused } = data
  const title = titleOf(data)
  return texts(
    fits.length > maxFits && `Only the first ${maxFits} of ${fits.length} values of ${title} are drawn.`,
    noFitTexts(refused, title, fits.length).map(sentenceOf),
  )
}

/** Fits the formula of a request. */
export async function fitOf({ source, sweep, request: { fit, by, where, onCells } }: FigureQuery): Promise<FitData> {
  if (fit === undefined)
    throw new FigureError('NO_SUCH_FIGURE', 'a figure of a fit needs a formula', {
      hint: 'add --fit "log(escapeRate) ~ 1/T"',
    })
  const { data } = await source.fit({ sweep, formula: fit, by, where }, { onCells })
  return data
}
