import * as z from 'zod'
import { halfWidthOf, type RuleNamed, type StopRuleEntry } from '../evidence/stopRule.ts'
import { nonNegative } from '../shape.ts'

export const halfWidth = {
  shape: z.strictObject({ rule: z.literal('halfWidth'), estimate: z.string(), halfWidth: nonNegative }),
  text: ({ estimate, halfWidth }) => `half-width of ${estimate} at most ${halfWidth}`,
  ended: () => 'stopped at the requested half-width',
  evaluate: ({ halfWidth }, { estimate }) => (estimate !== null && halfWidthOf(estimate) <= halfWidth ? {} : null),
  need: ({ halfWidth }, { estimate }) =>
    estimate === null ? Number.POSITIVE_INFINITY : halfWidthOf(estimate) / halfWidth,
} satisfies StopRuleEntry<RuleNamed<'halfWidth'>>
