import { elementary } from '@driftfarm/formula'
import type { StopRule } from '@driftfarm/spec'

const { log } = elementary

type Above = Extract<StopRule, { kind: 'above' }>

/** The log likelihood ratio of p = above * (1 + indifference) to p = above * (1 - indifference). */
export function logRatio(k: number, n: number, { above, indifference }: Pick<Above, 'above' | 'indifference'>): number {
  const low = above * (1 - indifference)
  const high = above * (1 + indifference)
  return k * log(high / low) + (n - k) * log((1 - high) / (1 - low))
}

/**
 * Wald's sequential probability ratio test; null while it is undecided. The likelihood ratio in
 * favour of the wrong side is a nonnegative supermartingale with mean at most 1. So it exceeds 1 / alpha at some time
 * with probability at most alpha (Ville). A wrong answer therefore has probability at most alpha, whether the ratio is
 * evaluated after every trial or only at check points.
 */
export function sideOf(k: number, n: number, rule: Above, alpha: number): 'above' | 'below' | null {
  const ratio = logRatio(k, n, rule)
  const bound = -log(alpha)
  return ratio >= bound ? 'above' : ratio <= -bound ? 'below' : null
}
