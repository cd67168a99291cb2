import { memoized } from '../memoized.ts'
import { betaLowerQuantile, betaUpperQuantile } from '../special/betaQuantile.ts'
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
