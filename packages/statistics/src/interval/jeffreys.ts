import { memoized } from '../memoized.ts'
import { betaLowerQuantile, betaUpperQuantile } from '../special/betaQuantile.ts'
import { alphaOf, checkCounts, type Interval } from './interval.ts'

/**
 * Equal-tailed posterior interval under the prior Beta(1/2, 1/2), extended to 0 at k = 0 and to 1 at k = n (Brown, Cai
 * and DasGupta, 2001). It has the nominal coverage on average over p, not for every p.
 */
export function jeffreys(k: number, n: number, confidence: number): Interval {
  return jeffreysAt(k, n, alphaOf(confidence))
}

export const jeffreysAt = memoized((k, n, alpha): Interval => {
  checkCounts(k, n)
  return {
    low: k === 0 ? 0 : betaLowerQuantile(alpha / 2, k + 0.5, n - k + 0.5),
    high: k === n ? 1 : betaUpperQuantile(alpha / 2, k + 0.5, n - k + 0.5),
  }
})
