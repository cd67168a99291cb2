import { elementary, hessian, rowsOf } from '@driftfarm/formula'
import type { Shape } from '@driftfarm/spec'
import { type LossFunction, sum } from './lossFunction.ts'

export type SpectralShape = Extract<Shape, { readonly kind: 'hessian' | 'covariance' }>

/** Half-width of a central difference, relative to max(1, |theta_i|): 2^-17. */
const step = 2 ** -17

/** Returns the matrix S of anisotropic drift at theta, row by row. The parameter `rows` is the number of samples. */
export function spectralShape(shape: SpectralShape, landscape: LossFunction, rows: number, theta: Float64Array) {
  const matrix =
    shape.kind === 'hessian' ? rowsOf(hessian(landscape.gradient, theta, step)) : covariance(landscape, rows, theta)
  const { values, vectors } = diagonalize(matrix)
  const factors = values.map((value) => elementary.power(elementary.relu(value), shape.power))
  if (shape.trace !== null) {
    const total = sum(factors.map((factor) => factor * factor))
    const scale = total > 0 ? elementary.sqrt(shape.trace / total) : 1
    for (const [k, factor] of factors.entries()) factors[k] = factor * scale
  }
  return values.reduce<Float64Array[]>((rows, _, i) => {
    rows.push(
      Float64Array.from(theta, (_, j) => sum(factors.map((factor, k) => vectors[k]![i]! * factor * vectors[k]![j]!))),
    )
    return rows
  }, [])
}

/** Mean over samples of (g - mean)(g - mean)^T. */
function covariance(landscape: LossFunction, rows: number, theta: Float64Array): Float64Array[] {
  const gradients = Array.from({ length: rows }, (_, row) => {
    const g = new Float64Array(theta.length)
    landscape.gradient(theta, g, [landscape.sample!(row)])
    return g
  })
  const mean = theta.map((_, i) => sum(gradients.map((g) => g[i]!)) / rows)
  const centred = gradients.map((g) => g.map((x, i) => x - mean[i]!))
  return Array.from(theta, (_, i) => theta.map((_, j) => sum(centred.map((g) => g[i]! * g[j]!)) / rows))
}

/** Cyclic Jacobi converges quadratically: with 256 dimensions, 10 sweeps reduce the error to the level of rounding. */
const sweeps = 12

/** Eigenvalues of a symmetric matrix, unordered, and eigenvectors as rows. Overwrites the matrix. */
export function diagonalize(matrix: readonly Float64Array[]): { values: Float64Array; vectors: Float64Array[] } {
  const vectors = matrix.map((row, i) => row.map((_, j) => (i === j ? 1 : 0)))
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (let p = 0; p < matrix.length; p++) {
      for (let q = p + 1; q < matrix.length; q++) rotate(matrix, vectors, p, q)
    }
  }
  return { values: Float64Array.from(matrix, (row, i) => row[i]!), vectors }
}

/** Applies the rotation that makes the entry (p, q) zero (Golub and Van Loan, Matrix Computations, 8.5). */
function rotate(matrix: readonly Float64Array[], vectors: readonly Float64Array[], p: number, q: number): void {
  const [a, b] = [matrix[p]!, matrix[q]!]
  const [app, aqq, apq] = [a[p]!, b[q]!, a[q]!]
  const tau = (aqq - app) / (apq + apq)
  const size = 1 / (Math.abs(tau) + elementary.sqrt(1 + tau * tau))
  const t = apq === 0 ? 0 : tau < 0 ? -size : size
  const c = 1 / elementary.sqrt(1 + t * t)
  const s = t * c
  turn(vectors[p]!, vectors[q]!, c, s)
  turn(a, b, c, s)
  matrix.forEach((row, k) => {
    if (k === p || k === q) return
    row[p] = a[k]!
    row[q] = b[k]!
  })
  const shift = t * apq
  a[p] = app - shift
  b[q] = aqq + shift
  a[q] = 0
  b[p] = 0
}

function turn(first: Float64Array, second: Float64Array, c: number, s: number): void {
  for (let k = 0; k < first.length; k++) {
    const [x, y] = [first[k]!, second[k]!]
    first[k] = c * x - s * y
    second[k] = s * x + c * y
  }
}
