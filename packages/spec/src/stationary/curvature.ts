import { addScaled, length, type Slopes } from './slopes.ts'

export interface Hessian {
  readonly size: number
  readonly rows: readonly Float64Array[]
  /** Largest absolute value of an entry. */
  readonly scale: number
}

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

export function hessianAt(slopes: Slopes, theta: Float64Array): Hessian {
  const size = theta.length
  const columns = Array.from(theta, (x, i) => {
    const step = difference * (1 + Math.abs(x))
    const [ahead, behind] = [step, -step].map((by) => slopes.gradient(theta.with(i, x + by))) as [
      Float64Array,
      Float64Array,
    ]
    return ahead.map((slope, j) => (slope - behind[j]!) / (2 * step))
  })
  const rows = columns.map((column, i) => column.map((entry, j) => (entry + columns[j]![i]!) / 2))
  let scale = 0
  for (const row of rows) for (const entry of row) scale = Math.max(scale, Math.abs(entry))
  return { size, rows, scale }
}

/** The direction is a unit vector. */
export function curvatureAlong(slopes: Slopes, theta: Float64Array, direction: Float64Array): number {
  const step = difference * (1 + length(theta))
  const [ahead, behind] = [step, -step].map((by) => slopes.gradient(addScaled(theta, by, direction))) as [
    Float64Array,
    Float64Array,
  ]
  return direction.reduce((sum, x, i) => sum + (x * (ahead[i]! - behind[i]!)) / (2 * step), 0)
}

/** The lower triangular Cholesky factor of H + shift I. Null if H + shift I is not positive definite. */
export function triangleOf({ size, rows }: Hessian, shift: number): readonly Float64Array[] | null {
  const triangle: Float64Array[] = []
  for (let i = 0; i < size; i++) {
    const row = new Float64Array(i + 1)
    for (let j = 0; j <= i; j++) {
      const other = j === i ? row : triangle[j]!
      let sum = rows[i]![j]! + (i === j ? shift : 0)
      for (let k = 0; k < j; k++) sum -= row[k]! * other[k]!
      if (i !== j) row[j] = sum / other[j]!
      else if (sum > 0) row[j] = Math.sqrt(sum)
      else return null
    }
    triangle.push(row)
  }
  return triangle
}

/** Solves L L' x = b, where L is `triangle` and b is `right`. */
export function solveTriangle(triangle: readonly Float64Array[], right: Float64Array): Float64Array {
  const x = Float64Array.from(right)
  const size = triangle.length
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i]! -= triangle[i]![k]! * x[k]!
    x[i]! /= triangle[i]![i]!
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i]! -= triangle[k]![i]! * x[k]!
    x[i]! /= triangle[i]![i]!
  }
  return x
}

const powerSteps = 300

/** The lowest curvature of a Hessian and its direction, by power iteration on `bound` I - H. */
export function steepestFall({ size, rows }: Hessian): { direction: Float64Array; curvature: number } {
  const times = (vector: Float64Array) =>
    Float64Array.from(rows, (row) => row.reduce((sum, entry, j) => sum + entry * vector[j]!, 0))
  const bound = Math.max(...rows.map((row) => row.reduce((sum, entry) => sum + Math.abs(entry), 0)))
  // The start vector is irregular, so that no symmetry of a landscape makes it orthogonal to the direction sought.
  let direction = Float64Array.from({ length: size }, (_, i) => 1 + ((i * 37) % 101) / 211)
  for (let step = 0; step < powerSteps; step++) {
    const image = times(direction)
    const next = direction.map((x, i) => bound * x - image[i]!)
    const norm = length(next)
    if (!(norm > 0)) break
    direction = next.map((x) => x / norm)
  }
  const image = times(direction)
  return { direction, curvature: direction.reduce((sum, x, i) => sum + x * image[i]!, 0) }
}
