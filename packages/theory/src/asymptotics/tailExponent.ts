import type { Factor } from '../drift/factor.ts'

/**
 * The power alpha > 0 at which E |A|^alpha = 1, where log |A| has a negative mean and A may still exceed 1: the tails
 * of the stationary law of theta' = A theta, and of the largest |theta| on the way to 0, both fall like this power.
 * null if there is none up to `steepest`. E |A|^p is convex in p, 1 at 0 and decreasing there, so the root is unique.
 */
export function tailExponent(factor: Factor): number | null {
  if (!(factor.expectedLog < 0)) return null
  let high = 1e-3
  while (high <= steepest && !(factor.moment(high) > 1)) high *= 2
  if (high > steepest) return null
  return bisect((power) => factor.moment(power) > 1, high / 2, high)
}

/** A tail that falls faster than this power does not count as a power tail. */
const steepest = 1000

/** The point of (low, high) from which on `above` holds, to the last digit. */
export function bisect(above: (x: number) => boolean, low: number, high: number): number {
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return middle
    if (above(middle)) high = middle
    else low = middle
  }
}
