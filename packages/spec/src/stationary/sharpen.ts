import { hasHessian, hessianAt, solveTriangle, triangleOf } from './curvature.ts'
import { descend } from './descent.ts'
import { addScaled, length, type Slopes } from './slopes.ts'

/** Two Newton steps turn four correct digits into full precision, unless the curvature changes fast. */
const steps = 4
const singular = 1e-10
/** Relative to 1 + |theta|. A minimum at a greater distance is not the named minimum. */
const reach = 1e-3
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
  const slope = length(slopes.gradient(given))
  if (!(slope > tolerance)) return point
  const found = newton(slopes, given, operations) ?? descend(slopes, given, operations).theta
  const distance = length(addScaled(found, -1, given))
  if (!(distance <= reach * (1 + length(given)) && length(slopes.gradient(found)) < slope)) return point
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
    const triangle = triangleOf(hessian, -singular * hessian.scale)
    if (triangle === null) return null
    const next = addScaled(theta, -1, solveTriangle(triangle, gradient))
    const nextGradient = slopes.gradient(next)
    if (!(length(nextGradient) < length(gradient))) break
    theta = next
    gradient = nextGradient
  }
  return theta
}
