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

/** Callers' brackets need fewer halvings than this to shrink to two neighbouring doubles. */
const maxHalvings = 200

/** The root of a decreasing function that is positive at `from` and not positive at `to`. */
export function fallsThrough(from: number, to: number, score: (at: number) => number): number {
  let above = from
  let below = to
  for (let turn = 0; turn < maxHalvings; turn++) {
    const middle = above + (below - above) / 2
    if (middle === above || middle === below) break
    if (score(middle) > 0) above = middle
    else below = middle
  }
  return above + (below - above) / 2
}

/** Bisects the logarithm of the argument first, so that small and large roots take equally many steps. */
export function fallsThroughPositive(guess: number, score: (at: number) => number): number {
  let above = guess
  let below = guess
  for (let turn = 0; turn < maxHalvings && score(above) <= 0; turn++) above /= 16
  for (let turn = 0; turn < maxHalvings && score(below) > 0; turn++) below *= 16
  while (below / above > 2) {
    const middle = Math.sqrt(above) * Math.sqrt(below)
    if (score(middle) > 0) above = middle
    else below = middle
  }
  return fallsThrough(above, below, score)
}

/** The smallest integer from `from` on for which `fits` is true, by doubling and halving; null if it exceeds `most`. */
export function smallestInteger(from: number, most: number, fits: (n: number) => boolean): number | null {
  let high = from
  while (!fits(high)) {
    high *= 2
    if (high > most) return null
  }
  let low = high / 2
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (fits(middle)) high = middle
    else low = middle
  }
  return high
}
