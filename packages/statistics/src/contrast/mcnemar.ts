import { incompleteBeta } from '../special/beta.ts'
import type { PairTally } from './pairTally.ts'

/**
 * The exact two-sided p-value of the hypothesis of equal probabilities (McNemar, 1947). Under this hypothesis, each
 * discordant pair is a fair coin toss. The p-value is 1 if no pair is discordant.
 *
 *     mcnemar({ both: 59, first: 6, second: 16, neither: 80 }) // 0.052479...
 */
export function mcnemar({ first, second }: PairTally): number {
  const fewer = Math.min(first, second)
  const more = Math.max(first, second)
  if (fewer === more) return 1
  // This is 2 P(X <= fewer), where X is the number of heads in n = first + second tosses of a fair coin.
  return Math.min(1, 2 * incompleteBeta(0.5, more, fewer + 1))
}
