import { elementary } from '@driftfarm/formula'
import { lanczosSteps } from '../memory/shape.ts'
import { type Curvature, dot, type LossFunction, sum } from './lossFunction.ts'
import { diagonalize } from './shape.ts'

/** Half the width of a difference, relative to max(1, |theta_i|): near the cube root of 2^-53. */
const halfWidth = 2 ** -17

export function curvatureOf({ gradient, curvature }: Pick<LossFunction, 'gradient' | 'curvature'>): Curvature {
  return curvature ?? differenced(gradient)
}

/** Products from central differences of the gradient along the vector. Their relative error is about 1e-10. */
function differenced(gradient: LossFunction['gradient']): Curvature {
  const product: Curvature['product'] = (theta, vector, into) => {
    const h = halfWidth * theta.reduce((most, x) => elementary.max(most, Math.abs(x)), 1)
    const below = new Float64Array(theta.length)
    const ahead = (step: number) => theta.map((x, i) => x + step * vector[i]!)
    gradient(ahead(h), into)
    gradient(ahead(-h), below)
    for (let i = 0; i < into.length; i++) into[i] = (into[i]! - below[i]!) / (2 * h)
  }
  const trace = (theta: Float64Array) => sum(columns(product, theta).map((column, i) => column[i]!))
  return { product, trace }
}

/** The columns of the Hessian. */
function columns(product: Curvature['product'], theta: Float64Array): Float64Array[] {
  return Array.from(theta, (_, i) => {
    const column = new Float64Array(theta.length)
    product(theta, new Float64Array(theta.length).fill(1, i, i + 1), column)
    return column
  })
}

/**
 * The largest eigenvalue of the Hessian at theta by Lanczos' method, with three vectors and no reorthogonalisation,
 * which would only remove copies of eigenvalues (Golub and Van Loan, Matrix Computations, 4th ed., 10.3). Every fourth
 * step computes the largest eigenvalue of the tridiagonal matrix. The method stops when this eigenvalue grows by at
 * most 1e-12 of its value, when the Krylov space is complete to 1e-8, or after min(4 D, 200) steps. NaN if an entry is
 * not finite.
 */
export function sharpness({ product }: Curvature, theta: Float64Array): number {
  const size = theta.length
  const last = Math.min(4 * size, lanczosSteps)
  const diagonal: number[] = []
  const squares: number[] = []
  let before: Float64Array = new Float64Array(size)
  let vector = startVector(size)
  let beta = 0
  let scale = 0
  let value = Number.NEGATIVE_INFINITY
  for (let step = 1; ; step++) {
    const next = new Float64Array(size)
    product(theta, vector, next)
    for (let i = 0; i < size; i++) next[i]! -= beta * before[i]!
    const alpha = dot(next, vector)
    for (let i = 0; i < size; i++) next[i]! -= alpha * vector[i]!
    const square = dot(next, next)
    beta = elementary.sqrt(square)
    diagonal.push(alpha)
    squares.push(square)
    scale = elementary.max(scale, Math.abs(alpha) + beta)
    const isLast = step === last || !(beta > 1e-8 * scale)
    if (isLast || step % 4 === 0) {
      const known = value
      value = largestOf(diagonal, squares, scale)
      if (isLast || !(value - known > 1e-12 * Math.abs(value))) return value + 0 * beta
    }
    before = vector
    vector = next.map((x) => x / beta)
  }
}

/** A unit vector without structure: the fractional parts of multiples of squares. */
function startVector(size: number): Float64Array {
  const vector = Float64Array.from({ length: size }, (_, i) => {
    const phase = (i + 1) * (i + 1) * 0.6180339887498949
    return phase - Math.floor(phase) - 0.5
  })
  const length = elementary.sqrt(dot(vector, vector))
  return vector.map((x) => x / length)
}

/**
 * The largest eigenvalue of a symmetric tridiagonal matrix by bisection. Its eigenvalues lie within 2 `scale` of 0. At
 * least one is x or more if any leading principal minor, divided by the one before, is not negative (Sturm).
 */
function largestOf(diagonal: readonly number[], squares: readonly number[], scale: number): number {
  let low = -2 * scale
  let high = 2 * scale
  for (let round = 0; round < 60; round++) {
    const x = 0.5 * (low + high)
    let quotient = 1
    let square = 0
    const isReached = diagonal.some((alpha, i) => {
      quotient = alpha - x - square / quotient
      square = squares[i]!
      return quotient >= 0
    })
    if (isReached) low = x
    else high = x
  }
  return low
}

/** Eigenvalues below this share of the largest magnitude count as zero. */
const negligible = 1e-8

/** The number of negative eigenvalues of the Hessian at theta; NaN if an entry is not finite. */
export function index({ product }: Curvature, theta: Float64Array): number {
  const found = columns(product, theta)
  const rows = found.map((column, i) => column.map((x, j) => (x + found[j]![i]!) * 0.5))
  const { values } = diagonalize(rows)
  const limit = -negligible * values.reduce((most, x) => elementary.max(most, Math.abs(x)), 0)
  return sum(values.map((x) => (x < limit ? 1 : 0 * x)))
}
