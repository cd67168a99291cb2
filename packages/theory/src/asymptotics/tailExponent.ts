import type { Factor } from '../drift/factor.ts'

/**
 * Returns the power alpha > 0 at which E |A|^alpha = 1, for a factor A. Returns null if E log |A| is not negative, or
 * if the search finds no such power. Under theta' = A theta, the probability that |theta| ever exceeds r falls like
 * r^-alpha. With additive drift, the tails of the stationary distribution of theta also fall like r^-alpha. Only one
 * such power exists, because E |A|^p is convex in p, equals 1 at p = 0 and decreases there.
 */
export function tailExponent(factor: Factor): number | null {
  if (!(factor.expectedLog < 0)) return null
  let high = 1e-3
  while (high <= steepest && !(factor.moment(high) > 1)) high *= 2
  if (high > steepest) return null
  return bisect((power) => factor.moment(power) > 1, high / 2, high)
}

/** The search tries no larger power, because a tail that falls so fast does not count as a power tail. */
const steepest = 1000

/** Returns the point between `low` and `high` at which `above` begins to hold, to full precision. */
export function bisect(above: (x: number) => boolean, low: number, high: number): number {
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return middle
    if (above(middle)) high = middle
    else low = middle
  }
}
