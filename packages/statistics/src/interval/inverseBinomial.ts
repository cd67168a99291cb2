import { betaLowerQuantile, betaUpperQuantile } from '../special/betaQuantile.ts'
import { checkCounts, type Interval } from './interval.ts'

/**
 * The exact interval where trials ended with the k-th event, at trial n: the event that n or fewer trials were
 * needed is that of k or more events in n (Haldane, 1945; Mendo, arXiv:0904.3812). The unbiased value is (k - 1) / (n -
 * 1).
 */
export function inverseBinomialAt(k: number, n: number, alpha: number): Interval {
  checkCounts(k, n)
  return {
    low: betaLowerQuantile(alpha / 2, k, n - k + 1),
    high: k === n ? 1 : betaUpperQuantile(alpha / 2, k, n - k),
  }
}
