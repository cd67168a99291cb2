import { elementary } from '@driftfarm/formula'
import { alphaOf } from '../interval/interval.ts'
import { gammaUpperTail } from '../special/gamma.ts'
import { normalQuantile } from '../special/normal.ts'
import type { Link } from './family.ts'
import type { Fit, Parameter } from './fitCells.ts'
import { fitLine } from './fitLine.ts'

/** A cell's mean of values: of the replicas of splitting, or of the weights of a tilt. */
export interface CellValue {
  readonly x: number
  /** Must be above 0. */
  readonly value: number
  /** Variance of the mean divided by the squared mean; must be above 0. */
  readonly relativeVariance: number
  /** Number of trials or replicas with an escape, and number of all. */
  readonly events: number
  readonly exposure: number
}

/**
 * Fits a line through means that scatter normally about it, or through their logarithms (delta method), by weighted
 * least squares. Limits are widened by the root of the dispersion if that is above 1, as in `fitCells`.
 *
 *     const cells = [{ x: 20, value: 1e-9, relativeVariance: 0.01, events: 64, exposure: 64 }, ..]
 *     fitValues(cells, { link: 'log', confidence: 0.95 })
 *
 * Throws a StatisticsError where there are fewer than two different x.
 */
export function fitValues(
  cells: readonly CellValue[],
  { link, confidence }: { readonly link: Link; readonly confidence: number },
): Fit {
  const points = cells.map(({ x, value, relativeVariance }) =>
    link === 'log'
      ? { x, y: elementary.log(value), variance: relativeVariance }
      : { x, y: value, variance: value * value * relativeVariance },
  )
  const { slope, intercept, slopeError, interceptError, chiSquare, freedom } = fitLine(points)
  const dispersion = freedom > 0 ? chiSquare / freedom : null
  const scale = Math.max(1, dispersion ?? 1)
  const errors = normalQuantile(1 - alphaOf(confidence) / 2) * Math.sqrt(scale)
  const within = (value: number, error: number): Parameter => ({
    value,
    low: value - errors * error,
    high: value + errors * error,
  })
  return {
    family: 'normal',
    link,
    slope: within(slope, slopeError),
    intercept: within(intercept, interceptError),
    confidence,
    deviance: chiSquare,
    freedom,
    pValue: freedom > 0 ? gammaUpperTail(chiSquare / 2, freedom / 2) : null,
    dispersion,
    scale,
    cells: cells.map(({ x, value, events, exposure }, i) => {
      const { y, variance } = points[i]!
      const line = intercept + slope * x
      const fitted = link === 'log' ? elementary.exp(line) : line
      return { x, events, exposure, observed: value, fitted, residual: (y - line) / Math.sqrt(variance) }
    }),
  }
}
