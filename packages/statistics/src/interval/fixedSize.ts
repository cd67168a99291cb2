import { memoized } from '../memoized.ts'
import { betaLowerQuantile, betaUpperQuantile } from '../special/beta.ts'
import { gammaLowerQuantile, gammaUpperQuantile } from '../special/gamma.ts'
import { normalQuantile } from '../special/normal.ts'
import { alphaOf, checkCounts, type Interval } from './interval.ts'

/**
 * The exact interval of k events in n trials: each limit is wrong with probability at most (1 - confidence) / 2,
 * whatever the true probability (Clopper and Pearson, 1934).
 *
 *     clopperPearson(7, 50, 0.95) // { low: 0.0581917..., high: 0.2673960... }
 */
export function clopperPearson(k: number, n: number, confidence: number): Interval {
  return clopperPearsonAt(k, n, alphaOf(confidence))
}

/** Takes alpha and not the confidence 1 - alpha, in which a small alpha would lose digits. */
export const clopperPearsonAt = memoized((k, n, alpha): Interval => {
  checkCounts(k, n)
  return {
    low: k === 0 ? 0 : betaLowerQuantile(alpha / 2, k, n - k + 1),
    high: k === n ? 1 : betaUpperQuantile(alpha / 2, k + 1, n - k),
  }
})

/**
 * Equal-tailed posterior interval under the prior Beta(1/2, 1/2), extended to 0 at k = 0 and to 1 at k = n (Brown, Cai
 * and DasGupta, 2001). It has the nominal coverage on average over p, not for every p.
 */
export const jeffreysAt = memoized((k, n, alpha): Interval => {
  checkCounts(k, n)
  return {
    low: k === 0 ? 0 : betaLowerQuantile(alpha / 2, k + 0.5, n - k + 0.5),
    high: k === n ? 1 : betaUpperQuantile(alpha / 2, k + 0.5, n - k + 0.5),
  }
})

/**
 * The score interval (Wilson, 1927). Its exact coverage falls to 0.84 if about 0.2 events are expected, so use
 * Clopper-Pearson for rare events.
 */
export function wilsonAt(k: number, n: number, alpha: number): Interval {
  checkCounts(k, n)
  const z = -normalQuantile(alpha / 2)
  const share = k / n
  const spread = (z * z) / n
  // The larger root of (p - k/n)^2 = z^2 p (1 - p) / n, times 1 + z^2 / n. The smaller root follows from the product of
  // both roots, which avoids cancellation.
  const root = share + spread / 2 + z * Math.sqrt((share * (1 - share)) / n + (spread * spread) / (4 * z * z))
  return { low: k === 0 ? 0 : (share * share) / root, high: k === n ? 1 : root / (1 + (z * z) / n) }
}

/**
 * The exact interval if the trials ended with the k-th event, at trial n (Haldane, 1945; Mendo, arXiv:0904.3812). Its
 * limits follow from binomial tails, since the k-th event happens by trial n if and only if n trials have k or more
 * events. The unbiased estimate of the probability is (k - 1) / (n - 1).
 */
export function inverseBinomialAt(k: number, n: number, alpha: number): Interval {
  checkCounts(k, n)
  return {
    low: betaLowerQuantile(alpha / 2, k, n - k + 1),
    high: k === n ? 1 : betaUpperQuantile(alpha / 2, k, n - k),
  }
}

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
