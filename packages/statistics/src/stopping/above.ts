import { elementary } from '@driftfarm/formula'
import * as z from 'zod'
import type { RuleNamed, StopRuleEntry } from '../evidence/stopRule.ts'
import { share } from '../shape.ts'

const { log } = elementary

type Above = RuleNamed<'above'>
type Side = 'above' | 'below'

export const above = {
  shape: z.strictObject({
    rule: z.literal('above'),
    estimate: z.string(),
    above: share,
    indifference: share,
    decision: z.enum(['above', 'below']).describe('Whether the probability is above or below the value of `above`.'),
  }),
  text: ({ estimate, decision, above }) => `${estimate} ${decision} ${above}`,
  ended: () => 'stopped when the sequential test had decided',
  evaluate(rule, { events, trials, alpha }) {
    const decision = sideOf(events, trials, rule, alpha)
    return decision === null ? null : { decision }
  },
  need: (rule, { events, trials, alpha }) => Math.sqrt(-log(alpha) / Math.abs(logRatio(events, trials, rule))),
} satisfies StopRuleEntry<Above, { readonly decision: Side }>

/** The log likelihood ratio of p = above * (1 + indifference) to p = above * (1 - indifference). */
export function logRatio(k: number, n: number, { above, indifference }: Above): number {
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
export function sideOf(k: number, n: number, rule: Above, alpha: number): Side | null {
  const ratio = logRatio(k, n, rule)
  const bound = -log(alpha)
  return ratio >= bound ? 'above' : ratio <= -bound ? 'below' : null
}
