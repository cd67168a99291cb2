import { dot } from '@driftfarm/formula'
import { StatisticsError } from '../error.ts'
import type { Design } from './design.ts'
import { inColumns, orthogonal } from './orthogonal.ts'

export interface Measured {
  readonly y: number
  readonly variance: number
}

export interface LeastSquares {
  readonly coefficients: Float64Array
  /**
   * The columns, with each row divided by the root of its variance, are the product Z R. `basis` is Z, which has
   * orthonormal columns, and `upper` is the upper triangle R.
   */
  readonly basis: readonly Float64Array[]
  readonly upper: readonly Float64Array[]
  readonly fitted: Float64Array
  /** Weighted sum of squared residuals: chi-square if the variances are right and the points independent. */
  readonly chiSquare: number
}

/**
 * Weighted least squares (Golub and Van Loan, Matrix Computations, 4th ed., section 5.3). The columns must be linearly
 * independent. Throws a StatisticsError if the cells with large weights are too few to determine the coefficients.
 */
export function leastSquares({ names, columns }: Design, points: readonly Measured[]): LeastSquares {
  const roots = points.map(({ variance }) => 1 / Math.sqrt(variance))
  const weighted = columns.map((column) => column.map((value, i) => value * roots[i]!))
  const { basis, columns: upper, dependent } = orthogonal(weighted)
  if (dependent !== null || weighted.some((column) => !column.every(Number.isFinite)))
    throw new StatisticsError(
      'FIT',
      `the weights of ${points.length} cells differ so much that the few cells with large weights do not determine ` +
        `${names.join(', ')}`,
      'leave out the cells with the smallest errors, or fit the logarithm',
    )
  const y = points.map((point, i) => point.y * roots[i]!)
  const coefficients = inColumns(
    upper,
    basis.map((direction) => dot(direction, y)),
  )
  const fitted = Float64Array.from(points, (_, i) =>
    columns.reduce((sum, column, k) => sum + coefficients[k]! * column[i]!, 0),
  )
  return {
    coefficients,
    basis,
    upper,
    fitted,
    chiSquare: points.reduce((sum, point, i) => sum + (point.y - fitted[i]!) ** 2 / point.variance, 0),
  }
}
