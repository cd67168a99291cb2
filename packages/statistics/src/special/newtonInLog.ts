import { elementary } from '@driftfarm/formula'

const { exp } = elementary

/**
 * The root of a function f of a positive number `at`, by Newton's method in ln(`at`). `step(at)` is -f / f', where f'
 * is the derivative with respect to ln(`at`). If f is monotone and concave (or convex) in ln(`at`), the iteration
 * approaches the root from one side after the first step and always converges.
 */
export function newtonInLog(from: number, step: (at: number) => number): number {
  let at = from
  let last = Number.POSITIVE_INFINITY
  for (let round = 0; round < 200; round++) {
    const change = step(at)
    const size = Math.abs(change)
    // Convergence is quadratic. So either the remaining error is far below one unit in the last place, or the steps are
    // only rounding errors.
    if (round > 2 && size < 1e-12 && size >= last) break
    at *= exp(change)
    if (size < 1e-15) break
    last = size
  }
  return at
}
