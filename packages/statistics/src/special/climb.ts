import { elementary } from '@driftfarm/formula'

const { exp } = elementary

/**
 * A root by Newton's method in the logarithm of a positive number: `step(at)` is -f / f' with respect to ln at.
 * f is concave (or convex) and monotone in it, so that from the second step on the approach is from one side and cannot
 * miss.
 */
export function climb(from: number, step: (at: number) => number): number {
  let at = from
  let last = Number.POSITIVE_INFINITY
  for (let round = 0; round < 200; round++) {
    const change = step(at)
    const size = Math.abs(change)
    // Quadratic convergence: what is left is far below one unit in the last place, or the steps are rounding noise.
    if (round > 2 && size < 1e-12 && size >= last) break
    at *= exp(change)
    if (size < 1e-15) break
    last = size
  }
  return at
}
