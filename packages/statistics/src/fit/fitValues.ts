import { elementary } from '@driftfarm/formula'
import { type Columns, designOf, independent } from './design.ts'
import type { Link } from './family.ts'
import { type Fit, fitFrom } from './fit.ts'
import { leastSquares } from './leastSquares.ts'
import { sandwich, through } from './sandwich.ts'
import { groupedByNoise, type SharedNoise } from './sharedNoise.ts'

/** The mean of the values of a cell, which are the estimates of splitting replicas or the weights of a tilt. */
export interface CellValue {
  readonly x: readonly number[]
  /** Must be above 0. */
  readonly value: number
  /** Variance of the mean divided by the squared mean; must be above 0. */
  readonly relativeVariance: number
  /** Degrees of freedom of the estimate of `relativeVariance`. */
  readonly freedom: number
  /** Number of trials or replicas with an escape (`events`), and number of all trials or replicas (`exposure`). */
  readonly events: number
  readonly exposure: number
  /** Absent if the trials of the cell have independent noise. */
  readonly noise?: SharedNoise | undefined
}

export interface ValueOptions extends Columns {
  readonly link: Link
  readonly confidence: number
}

/**
 * Fits a sum of terms to means with normal errors, or to their logarithms (delta method), by weighted least squares.
 *
 *     const cells = [{ x: [20], value: 1e-9, relativeVariance: 0.01, freedom: 63, events: 64, exposure: 64 }, ..]
 *     fitValues(cells, { link: 'log', confidence: 0.95, terms: ['1/T'], hasIntercept: true })
 *
 * Throws a StatisticsError if there are fewer cells than coefficients, if a term is a linear combination of others, or
 * if the correlations of cells that share noise are unknown.
 */
export function fitValues(cells: readonly CellValue[], options: ValueOptions): Fit {
  const { link } = options
  const points = cells.map(({ value, relativeVariance }) =>
    link === 'log'
      ? { y: elementary.log(value), variance: relativeVariance }
      : { y: value, variance: value * value * relativeVariance },
  )
  const design = designOf(options, cells)
  independent(design)
  const found = leastSquares(design, points)
  const grouped = groupedByNoise(cells)
  const working = {
    basis: found.basis,
    toCoefficients: through(found.upper),
    freedoms: cells.map(({ freedom }) => freedom),
  }
  return fitFrom({
    ...options,
    family: 'normal',
    names: design.names,
    sandwich: sandwich(working, grouped),
    grouped,
    deviance: found.chiSquare,
    pearson: found.chiSquare,
    coefficientOf: (own, error, quantile) => {
      const value = found.coefficients[own]!
      return { value, low: value - quantile * error, high: value + quantile * error }
    },
    cells: cells.map(({ x, value, events, exposure }, i) => {
      const { y, variance } = points[i]!
      const line = found.fitted[i]!
      const mean = link === 'log' ? elementary.exp(line) : line
      return { x, events, exposure, observed: value, fitted: mean, residual: (y - line) / Math.sqrt(variance) }
    }),
  })
}
