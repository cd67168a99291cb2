import { betaLowerQuantile, betaUpperQuantile } from '../special/betaQuantile.ts'
import { checkCounts, type Interval } from './interval.ts'

/**
 * The exact interval where the trials ended with the k-th event, at trial n: at most n trials were needed if and only
 * if n trials have k or more events (Haldane, 1945; Mendo, arXiv:0904.3812). The unbiased value is (k - 1) / (n - 1).
 */
export function inverseBinomialAt(k: number, n: number, alpha: number): Interval {
  checkCounts(k, n)
  return {
    low: betaLowerQuantile(alpha / 2, k, n - k + 1),
    high: k === n ? 1 : betaUpperQuantile(alpha / 2, k, n - k),
  }
}
