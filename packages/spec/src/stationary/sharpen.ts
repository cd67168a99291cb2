import { hasHessian, hessianAt, solveTriangle, triangleOf } from './curvature.ts'
import { descend } from './descent.ts'
import { addScaled, length, type Slopes } from './slopes.ts'

/**
 * Largest number of Newton steps. If four digits are correct at the start, two steps make all digits correct, unless
 * the curvature changes fast.
 */
const steps = 4
const singular = 1e-10
/** A minimum farther from the named point than this, relative to 1 + |theta|, is not the named minimum. */
const reach = 1e-3
/**
 * The smallest rounding error that the kernel assumes for a loss of size 1 when it compares end points of descents.
 */
const rounding = 64 * 2 ** -52

/**
 * Improves a named minimum, so that it can be compared with the end points of descents that stop at |grad L| <=
 * `tolerance`. Coordinates that are typed or copied from a paper have only a few digits. The loss at such a point is
 * higher than at the end of a descent, and the kernel assigns two points to the same basin only if their losses agree.
 * The point is therefore replaced by the minimum itself, found by Newton's method, or by a descent if a Hessian is too
 * expensive or singular. The point is returned unchanged if it is accurate enough, or if `operations` arithmetic
 * operations find no better point near it.
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

/**
 * Takes Newton steps as long as they reduce the gradient. Null if a Hessian is not positive definite or not available.
 */
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
