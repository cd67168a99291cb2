import type { LandscapeFunction } from '@driftfarm/kernel'

/** In units of 1 + |from|. */
const firstStep = 1e-3
/** A scan finds features whose width is at least 0.2 % of their distance from the start of the scan. */
const growth = 1.002
const farthest = 1e6

/** Returns the first point where `stops` holds, to full precision; null if there is none within the distance `most`. */
export function scanFor(from: number, side: 1 | -1, stops: (x: number) => boolean, most = farthest): number | null {
  let step = firstStep * (1 + Math.abs(from))
  let last = from
  for (; Math.abs(last - from) < most; step *= growth) {
    const x = last + side * step
    if (stops(x)) return edge(last, x, stops)
    last = x
  }
  return null
}

/** Bisects to full precision. `stops` must be false at `before` and true at `after`. */
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
