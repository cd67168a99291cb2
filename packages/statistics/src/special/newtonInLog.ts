import { elementary } from '@driftfarm/formula'

const { exp } = elementary

/**
 * The root of a function f of x > 0, by Newton's method in ln x. `step(x)` is -f / f', where f' is the derivative with
 * respect to ln x. The method always converges if f is monotone and concave (or convex) in ln x.
 */
export function newtonInLog(from: number, step: (x: number) => number): number {
  let x = from
  let last = Number.POSITIVE_INFINITY
  for (let round = 0; round < 200; round++) {
    const change = step(x)
    const size = Math.abs(change)
    // Convergence is quadratic, so steps that no longer shrink are rounding errors.
    if (round > 2 && size < 1e-12 && size >= last) break
    x *= exp(change)
    if (size < 1e-15) break
    last = size
  }
  return x
}
