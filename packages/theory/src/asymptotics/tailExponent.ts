import type { Factor } from '../drift/factor.ts'

/**
 * The power alpha > 0 at which E |A|^alpha = 1, where log |A| has a negative mean and A may still be larger than 1:
 * both tails of the stationary law of theta' = A theta, and of the largest |theta| on the way to 0, fall like a power
 * alpha. null where there is none up to `steepest`. E |A|^p is convex in p, 1 at 0 and falls there, so the root is one.
 */
export function tailExponent(factor: Factor): number | null {
  if (!(factor.expectedLog < 0)) return null
  let high = 1e-3
  while (high <= steepest && !(factor.moment(high) > 1)) high *= 2
  if (high > steepest) return null
  return bisect((power) => factor.moment(power) > 1, high / 2, high)
}

/** A tail that falls faster than this power is like none. */
const steepest = 1000

/** The end of (low, high) where `above` begins to hold, to the last digit. */
export function bisect(above: (x: number) => boolean, low: number, high: number): number {
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return middle
    if (above(middle)) high = middle
    else low = middle
  }
}
