import { dot, type Matrix, norm, rowsOf, zeros } from '@driftfarm/formula'
import { addScaled, type Slopes } from './slopes.ts'

/**
 * Relative step of finite differences. Curvatures computed with this step have a relative error of about 1e-10, far
 * below `noCurvature` in fault.ts.
 */
const difference = 1e-5

/** A Hessian takes 2 d gradients, and a factorisation d^3 / 6 operations. */
const denseDimension = 256

export function hasHessian({ dimension, cost }: Slopes, operations: number): boolean {
  return dimension <= denseDimension && 2 * dimension * cost <= operations
}

export function hessianAt(slopes: Slopes, theta: Float64Array): Matrix {
  const hessian = zeros(theta.length)
  const columns = Array.from(theta, (x, i) => {
    const step = difference * (1 + Math.abs(x))
    return secant(slopes, theta.with(i, x + step), theta.with(i, x - step), step)
  })
  columns.forEach((column, i) => {
    hessian.values.set(
      column.map((entry, j) => (entry + columns[j]![i]!) / 2),
      i * theta.length,
    )
  })
  return hessian
}

function secant(slopes: Slopes, ahead: Float64Array, behind: Float64Array, step: number): Float64Array {
  const under = slopes.gradient(behind)
  return slopes.gradient(ahead).map((slope, j) => (slope - under[j]!) / (2 * step))
}

/** The direction is a unit vector. */
export function curvatureAlong(slopes: Slopes, theta: Float64Array, direction: Float64Array): number {
  const step = difference * (1 + norm(theta))
  const [ahead, behind] = [addScaled(theta, step, direction), addScaled(theta, -step, direction)]
  return dot(direction, secant(slopes, ahead, behind, step))
}

const powerSteps = 300

export function times(matrix: Matrix, vector: Float64Array): Float64Array {
  return Float64Array.from(rowsOf(matrix), (row) => dot(row, vector))
}

/** The lowest curvature of a Hessian and its direction, by power iteration on `bound` I - H. */
export function steepestFall(hessian: Matrix): { direction: Float64Array; curvature: number } {
  const bound = Math.max(...rowsOf(hessian).map((row) => row.reduce((sum, entry) => sum + Math.abs(entry), 0)))
  // The start vector is irregular, so that no symmetry of a landscape makes it orthogonal to the direction sought.
  let direction = Float64Array.from({ length: hessian.size }, (_, i) => 1 + ((i * 37) % 101) / 211)
  for (let step = 0; step < powerSteps; step++) {
    const image = times(hessian, direction)
    const next = direction.map((x, i) => bound * x - image[i]!)
    const length = norm(next)
    if (!(length > 0)) break
    direction = next.map((x) => x / length)
  }
  return { direction, curvature: dot(direction, times(hessian, direction)) }
}
