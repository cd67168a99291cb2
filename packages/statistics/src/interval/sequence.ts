import { elementary } from '@driftfarm/formula'
import { memoized } from '../memoized.ts'
import { deviance, excess, splitOfOdds } from '../special/beta.ts'
import { newtonInLog } from '../special/root.ts'
import { expMinusOne, stirlingError } from '../special/series.ts'
import { checkCounts, type Interval } from './interval.ts'

const { exp, log } = elementary

/**
 * The interval { p : B(k + 1, n - k + 1) / (p^k (1 - p)^(n - k)) < 1 / alpha }. With probability 1 - alpha it contains
 * the true p at all n simultaneously, so it is valid at any interim look and for any stopping rule. It comes from
 * Robbins' mixture of likelihood ratios over a uniform prior, and its coverage follows from Ville's inequality
 * (Robbins, 1970; Howard et al., 2021).
 *
 *     betaBinomialSequence(5, 1000, 0.05) // { low: 0.000389..., high: 0.01997... }
 */
export function betaBinomialSequence(k: number, n: number, alpha: number): Interval {
  checkCounts(k, n)
  return betaBinomialLimits(k, n, alpha)
}

/** Does not call `checkCounts`, which throws for counts above 2^53, because counts of steps may be larger. */
export const betaBinomialLimits = memoized(
  (k, n, alpha): Interval => ({
    low: k === 0 ? 0 : lowerLimit(k, n, alpha),
    high: k === n ? 1 : upperLimit(k, n, alpha),
  }),
)

function lowerLimit(k: number, n: number, alpha: number): number {
  if (k === n) return exp(log(alpha / (n + 1)) / n)
  return splitOfOdds(limit(k, n, alpha, -1)).x
}

function upperLimit(k: number, n: number, alpha: number): number {
  if (k === 0) return -expMinusOne(log(alpha / (n + 1)) / n)
  return splitOfOdds(limit(k, n, alpha, 1)).x
}

/**
 * The odds at which the deviance reaches `allowed`, for probabilities above k / n (side 1) or below it (side -1). The
 * deviance is convex in the log odds.
 */
function limit(k: number, n: number, alpha: number, side: 1 | -1): number {
  const rest = n - k
  const allowed =
    log((n + 1) / alpha) +
    0.5 * log(n / k / rest / (2 * Math.PI)) +
    stirlingError(n) -
    stirlingError(k) -
    stirlingError(rest)
  const from = (k / rest) * exp(side * Math.sqrt(((2 * allowed) / k / rest) * n))
  return newtonInLog(from, (odds) => {
    const at = splitOfOdds(odds)
    const delta = excess(k, rest, at)
    return (deviance(k, rest, at, delta) - allowed) / delta
  })
}

const tightestAt = 10_000

/**
 * The half-width of the confidence sequence of a mean of n values, in standard errors. The sequence is asymptotically
 * valid at all n simultaneously (Robbins' normal mixture; Waudby-Smith et al., arXiv:2103.06476, eq. 1).
 */
export function sequenceErrors(n: number, alpha: number): number {
  const wish = -2 * log(alpha)
  const scaled = (n * (wish + log(wish) + 1)) / tightestAt
  return Math.sqrt(((2 * (scaled + 1)) / scaled) * (0.5 * log(scaled + 1) - log(alpha)))
}
