import * as z from 'zod'
import { halfWidthOf, type RuleNamed, type StopRuleEntry } from '../evidence/stopRule.ts'
import { nonNegative } from '../shape.ts'

export const relative = {
  shape: z.strictObject({ rule: z.literal('relative'), estimate: z.string(), relative: nonNegative }),
  text: ({ estimate, relative }) => `relative half-width of ${estimate} at most ${relative}`,
  ended: () => 'stopped at the requested relative half-width',
  evaluate: ({ relative }, { estimate }) =>
    estimate !== null && estimate.value > 0 && halfWidthOf(estimate) <= relative * estimate.value ? {} : null,
  need: ({ relative }, { estimate }) =>
    estimate === null ? Number.POSITIVE_INFINITY : halfWidthOf(estimate) / (relative * estimate.value),
} satisfies StopRuleEntry<RuleNamed<'relative'>>
