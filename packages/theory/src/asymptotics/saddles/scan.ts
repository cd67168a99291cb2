import type { LandscapeFunction } from '@driftfarm/kernel'

/**
 * The first step of a scan, in units of 1 + |from|, and the ratio of successive steps. A scan finds features whose
 * width is at least 0.2 % of their distance from the start of the scan.
 */
const first = 1e-3
const growth = 1.002
const farthest = 1e6

/**
 * Returns the first point where `stops` holds on the given side of `from`, to full precision, or null if there is none
 * within the distance `most`.
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
 * Bisects between the point `before`, where `stops` does not hold, and the point `after`, where it holds. Returns the
 * point at which `stops` begins to hold, to full precision.
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
