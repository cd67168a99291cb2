import { incompleteBeta } from '../special/beta.ts'
import type { PairTally } from './pairTally.ts'

/**
 * The exact two-sided p-value of the hypothesis of equal probabilities, from the discordant pairs: given their number,
 * each is a fair coin toss (McNemar, 1947). 1 where no pair is discordant.
 *
 *     mcnemar({ both: 59, first: 6, second: 16, neither: 80 }) // 0.052479...
 */
export function mcnemar({ first, second }: PairTally): number {
  const fewer = Math.min(first, second)
  const more = Math.max(first, second)
  if (fewer === more) return 1
  // P(X <= fewer) of a binomial with first + second fair coins.
  return Math.min(1, 2 * incompleteBeta(0.5, more, fewer + 1))
}
