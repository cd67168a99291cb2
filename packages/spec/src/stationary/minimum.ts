import { cholesky, dot, largestEntry, type Matrix, norm, rowsOf, solveCholesky } from '@driftfarm/formula'
import { cached } from '../cached.ts'
import type { Landscape } from '../cell.ts'
import type { Tables } from '../data.ts'
import { curvatureAlong, hasHessian, hessianAt, steepestFall, times } from './curvature.ts'
import { type DescentEnd, descend } from './descent.ts'
import { addScaled, type Slopes } from './slopes.ts'

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
  const slope = norm(gradient)
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
  const away = reach * 10 * (1 + norm(theta))
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
  return curvature > 0 && slope / curvature <= reach * (1 + norm(theta))
}

/**
 * Whether the Newton step to the stationary point is short. If `falls` is true, the Hessian H has a negative
 * eigenvalue.
 */
function isNear(hessian: Matrix, theta: Float64Array, gradient: Float64Array, falls: boolean): boolean {
  const near = reach * (1 + norm(theta))
  const scale = largestEntry(hessian)
  if (falls) {
    // An H with a negative eigenvalue has no Cholesky factor, but H^2 has one unless H is singular. The Newton step has
    // the length |H^-1 g| = |H^-2 H g|.
    const square = squareOf(hessian)
    const lower = cholesky(square, singular * largestEntry(square))
    return lower !== null && norm(solveCholesky(lower, times(hessian, gradient))) <= near
  }
  const regular = cholesky(hessian, singular * scale)
  if (regular !== null) return norm(solveCholesky(regular, gradient)) <= near
  if (norm(gradient) <= flatWithoutCurvature * (1 + scale)) return true
  const shifted = cholesky(hessian, noCurvature * scale)
  return shifted !== null && norm(solveCholesky(shifted, gradient)) <= near
}

/** Finite differences of the gradient mislead at kinks, so values of the loss must confirm a negative curvature. */
function fallOf(slopes: Slopes, theta: Float64Array, hessian: Matrix) {
  const scale = largestEntry(hessian)
  if (cholesky(hessian, noCurvature * scale) !== null) return null
  const fall = steepestFall(hessian)
  if (!(fall.curvature < -noCurvature * scale)) return null
  const loss = slopes.loss(theta)
  const isLower = (share: number) => {
    const by = share * (1 + norm(theta))
    const mean =
      (slopes.loss(addScaled(theta, by, fall.direction)) + slopes.loss(addScaled(theta, -by, fall.direction))) / 2
    return mean < loss + (fall.curvature * by * by) / 8
  }
  return isLower(1e-3) && isLower(3e-4) ? fall : null
}

function squareOf(matrix: Matrix): Matrix {
  const rows = rowsOf(matrix)
  return { size: matrix.size, values: Float64Array.from(rows.flatMap((a) => rows.map((b) => dot(a, b)))) }
}

/** Two Newton steps turn four correct digits into full precision, unless the curvature changes fast. */
const steps = 4
/** Relative to 1 + |theta|. A minimum at a greater distance is not the named minimum. */
const nearby = 1e-3
/** When the kernel compares two losses, it assumes a rounding error of at least this number times 1 + |loss|. */
const rounding = 64 * 2 ** -52

/**
 * Improves a named minimum, so that it can be compared with ends of descents that stop at |grad L| <= `tolerance`. A
 * point copied from a paper has few digits, so its loss is higher than at the end of a descent. Because of this
 * difference, the kernel would assign the two points to different basins. Returns the point unchanged if it is accurate
 * enough, or if `operations` arithmetic operations find no better point nearby.
 */
export function sharpenMinimum(
  slopes: Slopes,
  point: readonly number[],
  { tolerance, operations }: { readonly tolerance: number; readonly operations: number },
): readonly number[] {
  if (slopes.cost > operations) return point
  const given = Float64Array.from(point)
  const slope = norm(slopes.gradient(given))
  if (!(slope > tolerance)) return point
  const found = newton(slopes, given, operations) ?? descend(slopes, given, operations).theta
  const distance = norm(addScaled(found, -1, given))
  if (!(distance <= nearby * (1 + norm(given)) && norm(slopes.gradient(found)) < slope)) return point
  const [there, here] = [slopes.loss(found), slopes.loss(given)]
  const slack = tolerance * distance + rounding * (1 + Math.max(Math.abs(there), Math.abs(here)))
  return here - there > slack ? Array.from(found, (x) => x + 0) : point
}

/** Null if a Hessian is not positive definite or too expensive. */
function newton(slopes: Slopes, from: Float64Array, operations: number): Float64Array | null {
  if (!hasHessian(slopes, operations / steps)) return null
  let theta = from
  let gradient = slopes.gradient(theta)
  for (let step = 0; step < steps; step++) {
    const hessian = hessianAt(slopes, theta)
    const lower = cholesky(hessian, -singular * largestEntry(hessian))
    if (lower === null) return null
    const next = addScaled(theta, -1, solveCholesky(lower, gradient))
    const nextGradient = slopes.gradient(next)
    if (!(norm(nextGradient) < norm(gradient))) break
    theta = next
    gradient = nextGradient
  }
  return theta
}

const maxRemembered = 1000

/**
 * State of the checks whether the points that a spec declares as minima really are minima. All cells of a sweep share
 * it.
 */
export class MinimumChecks {
  spent = 0
  readonly remembered = cached(maxRemembered, (_key: string, make: () => Fault | null) => make())

  /** `wanted` is false once all cells have been checked. */
  constructor(
    public wanted: boolean,
    readonly slopesOf: (landscape: Landscape, tables: Tables) => Slopes | null,
  ) {}
}
