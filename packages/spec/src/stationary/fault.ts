import {
  curvatureAlong,
  type Hessian,
  hasHessian,
  hessianAt,
  solveTriangle,
  steepestFall,
  triangleOf,
} from './curvature.ts'
import { type DescentEnd, descend } from './descent.ts'
import { addScaled, length, type Slopes } from './slopes.ts'

export type Fault =
  | { readonly kind: 'not finite' }
  | { readonly kind: 'slope'; readonly gradient: number; readonly end: DescentEnd }
  | { readonly kind: 'saddle'; readonly curvature: number; readonly ends: readonly [DescentEnd, DescentEnd] }

/** Accepted distance to the minimum, relative to 1 + |theta|: four correct digits are enough. */
const reach = 1e-4
/** Largest gradient norm of a stationary point: ten times the norm at which descents end by default. */
const flat = 1e-8
/**
 * Accepted gradient norm, relative to 1 + the largest entry of the Hessian. Used for a singular Hessian, which gives no
 * Newton step.
 */
const flatWithoutCurvature = 1e-6
/** A curvature below this fraction of the largest entry of the Hessian counts as zero. */
const noCurvature = 1e-5
const singular = 1e-10

/** Null if `point` is a minimum, or if `operations` arithmetic operations are not enough to decide. */
export function minimumFault(slopes: Slopes, point: readonly number[], operations: number): Fault | null {
  if (slopes.cost > operations) return null
  const theta = Float64Array.from(point)
  const gradient = slopes.gradient(theta)
  const slope = length(gradient)
  if (!Number.isFinite(slope) || !Number.isFinite(slopes.loss(theta))) return { kind: 'not finite' }
  const stationary = slope <= flat
  if (!hasHessian(slopes, operations)) {
    if (stationary || isNearAlong(slopes, theta, gradient, slope)) return null
    return { kind: 'slope', gradient: slope, end: descend(slopes, theta, operations) }
  }
  const hessian = hessianAt(slopes, theta)
  const fall = fallOf(slopes, theta, hessian)
  if (!stationary && !isNear(hessian, theta, gradient, fall !== null))
    return { kind: 'slope', gradient: slope, end: descend(slopes, theta, operations) }
  if (fall === null) return null
  const away = reach * 10 * (1 + length(theta))
  const side = (sign: number) => descend(slopes, addScaled(theta, sign * away, fall.direction), operations / 2)
  return { kind: 'saddle', curvature: fall.curvature, ends: [side(-1), side(1)] }
}

/** Whether a Newton step in the direction of the gradient is short. Used if the full Hessian is too expensive. */
function isNearAlong(slopes: Slopes, theta: Float64Array, gradient: Float64Array, slope: number): boolean {
  const curvature = curvatureAlong(
    slopes,
    theta,
    gradient.map((x) => x / slope),
  )
  return curvature > 0 && slope / curvature <= reach * (1 + length(theta))
}

/**
 * Whether the Newton step to the stationary point is short. If `falls` is true, the Hessian H has a negative
 * eigenvalue.
 */
function isNear(hessian: Hessian, theta: Float64Array, gradient: Float64Array, falls: boolean): boolean {
  const near = reach * (1 + length(theta))
  if (falls) {
    // An H with a negative eigenvalue has no Cholesky factor, but H^2 has one unless H is singular. The Newton step has
    // the length |H^-1 g| = |H^-2 H g|.
    const square = squareOf(hessian)
    const triangle = triangleOf(square, singular * square.scale)
    return triangle !== null && length(solveTriangle(triangle, times(hessian, gradient))) <= near
  }
  const regular = triangleOf(hessian, singular * hessian.scale)
  if (regular !== null) return length(solveTriangle(regular, gradient)) <= near
  if (length(gradient) <= flatWithoutCurvature * (1 + hessian.scale)) return true
  const shifted = triangleOf(hessian, noCurvature * hessian.scale)
  return shifted !== null && length(solveTriangle(shifted, gradient)) <= near
}

/** Finite differences of the gradient mislead at kinks, so values of the loss must confirm a negative curvature. */
function fallOf(slopes: Slopes, theta: Float64Array, hessian: Hessian) {
  if (triangleOf(hessian, noCurvature * hessian.scale) !== null) return null
  const fall = steepestFall(hessian)
  if (!(fall.curvature < -noCurvature * hessian.scale)) return null
  const loss = slopes.loss(theta)
  const isLower = (share: number) => {
    const by = share * (1 + length(theta))
    const mean =
      (slopes.loss(addScaled(theta, by, fall.direction)) + slopes.loss(addScaled(theta, -by, fall.direction))) / 2
    return mean < loss + (fall.curvature * by * by) / 8
  }
  return isLower(1e-3) && isLower(3e-4) ? fall : null
}

function squareOf({ size, rows }: Hessian): Hessian {
  const squared = rows.map((row) =>
    Float64Array.from(rows, (other) => row.reduce((sum, entry, k) => sum + entry * other[k]!, 0)),
  )
  const scale = Math.max(...squared.map((row, i) => row[i]!))
  return { size, rows: squared, scale }
}

function times({ rows }: Hessian, vector: Float64Array): Float64Array {
  return Float64Array.from(rows, (row) => row.reduce((sum, entry, j) => sum + entry * vector[j]!, 0))
}
