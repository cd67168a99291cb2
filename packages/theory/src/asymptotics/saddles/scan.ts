import type { LandscapeFunction } from '@driftfarm/kernel'

/**
 * The first step of a scan, in units of 1 + |from|, and the ratio of successive steps. A scan sees features that are at
 * least 0.2 % of their distance wide.
 */
const first = 1e-3
const growth = 1.002
const farthest = 1e6

/**
 * Returns the first point from `from` outward where `stops` holds, to the last digit, or null if there is none within
 * `most`.
 */
export function scanFor(from: number, side: 1 | -1, stops: (x: number) => boolean, most = farthest): number | null {
  let step = first * (1 + Math.abs(from))
  let last = from
  for (; Math.abs(last - from) < most; step *= growth) {
    const x = last + side * step
    if (stops(x)) return edge(last, x, stops)
    last = x
  }
  return null
}

/**
 * Bisection between a point where `stops` does not hold (`before`) and one where it does (`after`). Returns the point
 * nearest to `before` where it holds.
 */
export function edge(before: number, after: number, stops: (x: number) => boolean): number {
  let [low, high] = [before, after]
  for (let round = 0; round < 200; round++) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (stops(middle)) high = middle
    else low = middle
  }
  return high
}

/** Returns, in one dimension, the nearest maximum of the loss on each side of a minimum, if there is one. */
export function neighbouringMaxima(landscape: LandscapeFunction, minimum: number): Float64Array[] {
  const slope = new Float64Array(1)
  const slopeAt = (x: number) => {
    landscape.gradient(Float64Array.of(x), slope)
    return slope[0]!
  }
  return ([-1, 1] as const).flatMap((side) => {
    const top = scanFor(minimum, side, (x) => !(side * slopeAt(x) > 0))
    return top === null || !Number.isFinite(slopeAt(top)) ? [] : [Float64Array.of(top)]
  })
}
