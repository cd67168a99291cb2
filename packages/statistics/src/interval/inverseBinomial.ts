import { betaLowerQuantile, betaUpperQuantile } from '../special/betaQuantile.ts'
import { checkCounts, type Interval } from './interval.ts'

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
