import { elementary } from '@driftfarm/formula'
import type { StopRule } from '@driftfarm/spec'

const { log } = elementary

type Above = Extract<StopRule, { kind: 'above' }>

/** ln of the likelihood of p = above (1 + indifference), minus that of p = above (1 - indifference). */
export function logRatio(k: number, n: number, { above, indifference }: Pick<Above, 'above' | 'indifference'>): number {
  const low = above * (1 - indifference)
  const high = above * (1 + indifference)
  return k * log(high / low) + (n - k) * log((1 - high) / (1 - low))
}

/**
 * Wald's sequential probability ratio test; null while it is undecided. The likelihood ratio against the side where p
 * lies is a nonnegative supermartingale with mean at most 1, so the probability that it ever exceeds 1 / alpha is at
 * most alpha (Ville), whether it is evaluated after every trial or only at check points. Hence a wrong answer has
 * probability at most alpha. With fewer looks a correct answer comes later by at most the distance of two check points.
 */
export function sideOf(k: number, n: number, rule: Above, alpha: number): 'above' | 'below' | null {
  const ratio = logRatio(k, n, rule)
  const bound = -log(alpha)
  return ratio >= bound ? 'above' : ratio <= -bound ? 'below' : null
}
