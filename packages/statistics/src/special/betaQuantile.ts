import { elementary } from '@driftfarm/formula'
import { logPeak, lowerTail, type Split, splitOfOdds } from './beta.ts'
import { newtonInLog } from './newtonInLog.ts'
import { normalQuantile } from './normal.ts'

const { exp, log } = elementary

/**
 * The x with P(X <= x) = tail, where X has the distribution Beta(a, b) with a, b >= 1/2; relative error about 1e-15 for
 * tails of at least 1e-250.
 */
export function betaLowerQuantile(tail: number, a: number, b: number): number {
  return quantile(tail, a, b).x
}

/** The x with P(X >= x) = tail, for the same X. */
export function betaUpperQuantile(tail: number, a: number, b: number): number {
  return quantile(tail, b, a).q
}

/** Newton's method converges: the density of logit X is log-concave, so ln of the distribution function is concave. */
function quantile(tail: number, a: number, b: number): Split {
  const peak = logPeak(a, b)
  const target = log(tail)
  const odds = newtonInLog((a / b) * exp(normalQuantile(tail) * Math.sqrt(1 / a + 1 / b)), (at) => {
    const { logTail, ratio } = lowerTail(a, b, splitOfOdds(at), peak)
    return (target - logTail) * ratio
  })
  return splitOfOdds(odds)
}
