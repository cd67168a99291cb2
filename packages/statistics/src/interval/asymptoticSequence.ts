import { elementary } from '@driftfarm/formula'

const { log } = elementary

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
