import { compileScalar, type Expression, elementary, freeNames, parseNumber } from '@driftfarm/formula'
import { extentOf, intercept } from '@driftfarm/statistics'
import type { FitData, OneFit } from '../document/fit.ts'
import { quantityOf } from './words.ts'

export interface FitAxis {
  readonly label: string
  /** True if the fit has several terms and several variables. The axis of such a fit shows the fitted value. */
  readonly isFitted: boolean
  readonly isLog: boolean
  placeOf(cell: OneFit['cells'][number]): number
  curveOf(fit: OneFit): readonly FitPoint[]
}

export interface FitPoint {
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
export function fitAxis(data: FitData): FitAxis {
  const expressions = data.terms.map((term) => parseNumber(term))
  const names = new Set(expressions.flatMap((each) => [...freeNames(each).names]))
  if (data.terms.length === 1)
    return {
      label: data.terms[0]!,
      isFitted: false,
      isLog: false,
      placeOf: ({ x }) => x[0]!,
      curveOf: (fit) => along(fit.cells.map(({ x }) => x[0]!)).map((x) => fittedAt(data, fit, [x])),
    }
  const [name] = names
  if (names.size === 1) {
    const termsAt = compiled(expressions, name!)
    return {
      label: data.terms[0]!,
      isFitted: false,
      isLog: false,
      placeOf: ({ x }) => x[0]!,
      curveOf: (fit) =>
        along(fit.cells.map(({ params }) => valueOf(params, name!))).map((at) => fittedAt(data, fit, termsAt(at))),
    }
  }
  return {
    label: `fitted ${quantityOf(data.estimate).label}`,
    isFitted: true,
    isLog: data.link === 'log',
    placeOf: ({ fitted }) => fitted,
    curveOf: ({ cells }) => {
      return extentOf(cells.map((cell) => cell.fitted)).map((x) => ({ x, y: x, low: null, high: null }))
    },
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
  const finite = (value: number) => (Number.isFinite(value) ? value : null)
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
