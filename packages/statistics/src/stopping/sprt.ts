import { elementary } from '@driftfarm/formula'
import type { StopRule } from '@driftfarm/spec'

const { log } = elementary

type Above = Extract<StopRule, { kind: 'above' }>

/** ln of the likelihood of p = above (1 + indifference) over that of above (1 - indifference). */
export function logRatio(k: number, n: number, { above, indifference }: Pick<Above, 'above' | 'indifference'>): number {
  const low = above * (1 - indifference)
  const high = above * (1 + indifference)
  return k * log(high / low) + (n - k) * log((1 - high) / (1 - low))
}

/**
 * Wald's sequential probability ratio test; null: not known yet. The likelihood ratio against the side where p lies is
 * a nonnegative supermartingale of mean at most 1, so that it ever exceeds 1 / alpha with probability alpha at most
 * (Ville), be it looked at after each trial or, as here, at some of them: a wrong answer is at most as probable as
 * that. Looked at less often, a right answer comes later, by at most the distance of two check points.
 */
export function sideOf(k: number, n: number, rule: Above, alpha: number): 'above' | 'below' | null {
  const ratio = logRatio(k, n, rule)
  const bound = -log(alpha)
  return ratio >= bound ? 'above' : ratio <= -bound ? 'below' : null
}
