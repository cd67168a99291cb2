import { memoized } from '../memoized.ts'
import { gammaLowerQuantile, gammaUpperQuantile } from '../special/gamma.ts'
import type { Interval } from './interval.ts'

/**
 * Exact limits of the mean of a Poisson distribution, given a count d: chi-square quantiles with 2d and 2d + 2 degrees
 * of freedom, halved (Garwood, 1936).
 */
export function poissonAt(d: number, alpha: number): Interval {
  return limits(d, alpha, 0)
}

const limits = memoized(
  (d, alpha): Interval => ({
    low: d === 0 ? 0 : gammaLowerQuantile(alpha / 2, d),
    high: gammaUpperQuantile(alpha / 2, d + 1),
  }),
)
