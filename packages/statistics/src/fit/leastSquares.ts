import { dot } from '@driftfarm/formula'
import { StatisticsError } from '../error.ts'

export interface Dependent {
  readonly column: number
  readonly of: readonly number[]
}

/**
 * A column is dependent if the length of its part that is orthogonal to the earlier columns is at most this share of
 * the length of the whole column.
 */
const rounding = 1e-10
const takesPart = 1e-6

/**
 * The decomposition X = Q R of columns X, where Q has orthonormal columns (`basis`) and R is upper triangular
 * (`columns`: column j has j + 1 numbers). In the basis Q the likelihood is nearly spherical, whatever the units of the
 * columns and their distance from 0. The columns are orthogonalised by the Gram-Schmidt process, applied twice so that
 * no orthogonality is lost (Giraud, Langou and Rozloznik 2005).
 */
export function orthogonal(given: readonly Float64Array[]) {
  const basis: Float64Array[] = []
  const columns: Float64Array[] = []
  for (const values of given) {
    const { rest, shares } = split(values, basis)
    const length = Math.sqrt(dot(rest, rest))
    const whole = Math.sqrt(dot(values, values))
    if (!(length > rounding * whole)) return { basis, columns, dependent: dependentOn(columns, given, shares, whole) }
    shares[columns.length] = length
    columns.push(shares)
    basis.push(rest.map((value) => value / length))
  }
  return { basis, columns, dependent: null }
}

/**
 * The part of `values` that is orthogonal to all directions of `basis`, and the shares of these directions, with one
 * number more. The process is applied twice, so that no orthogonality is lost.
 */
export function split(values: Float64Array, basis: readonly Float64Array[]) {
  const rest = Float64Array.from(values)
  const shares = new Float64Array(basis.length + 1)
  for (let pass = 0; pass < 2; pass++)
    for (const [at, direction] of basis.entries()) {
      const share = dot(direction, rest)
      shares[at]! += share
      for (let i = 0; i < rest.length; i++) rest[i]! -= share * direction[i]!
    }
  return { rest, shares }
}

function dependentOn(
  columns: readonly Float64Array[],
  given: readonly Float64Array[],
  shares: Float64Array,
  whole: number,
): Dependent {
  const factors = inColumns(columns, shares)
  const of = columns.flatMap((_, at) =>
    Math.abs(factors[at]!) * Math.sqrt(dot(given[at]!, given[at]!)) > takesPart * whole ? [at] : [],
  )
  return { column: columns.length, of }
}

/** Converts coefficients g of the columns of Q to coefficients b of the columns of X, by solving R b = g. */
export function inColumns(columns: readonly Float64Array[], g: ArrayLike<number>): Float64Array {
  const b = Float64Array.from({ length: columns.length }, (_, at) => g[at]!)
  for (let j = columns.length - 1; j >= 0; j--) {
    b[j]! /= columns[j]![j]!
    for (let i = 0; i < j; i++) b[i]! -= columns[j]![i]! * b[j]!
  }
  return b
}

/** Each coefficient has a column with one value per cell. */
export interface Design {
  readonly names: readonly string[]
  readonly columns: readonly Float64Array[]
}

export interface Measured {
  readonly y: number
  readonly variance: number
}

/**
 * Weighted least squares (Golub and Van Loan, Matrix Computations, 4th ed., section 5.3). The columns must be linearly
 * independent. Throws a StatisticsError if the cells with large weights are too few to determine the coefficients.
 */
export function leastSquares({ names, columns }: Design, points: readonly Measured[]) {
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
    /**
     * The columns, with each row divided by the root of its variance, are the product Z R. `basis` is Z, which has
     * orthonormal columns, and `upper` is the upper triangle R.
     */
    basis,
    upper,
    fitted,
    /** Weighted sum of squared residuals: chi-square if the variances are right and the points independent. */
    chiSquare: points.reduce((sum, point, i) => sum + (point.y - fitted[i]!) ** 2 / point.variance, 0),
  }
}
