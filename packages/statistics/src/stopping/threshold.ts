import * as z from 'zod'
import { halfWidthOf, type RuleNamed, type StopRuleEntry } from '../evidence/stopRule.ts'
import { share } from '../shape.ts'

export const threshold = {
  shape: z.strictObject({
    rule: z.literal('threshold'),
    estimate: z.string(),
    equals: share,
    decision: z
      .enum(['above', 'below', 'undecided'])
      .describe(
        'Whether the probability is above or below the value of `equals`; undecided if even the maximum number of ' +
          'trials did not decide it.',
      ),
  }),
  text: ({ estimate, decision, equals }) => `${estimate} ${decision === 'undecided' ? 'about' : decision} ${equals}`,
  ended: (count) => `${count === 1 ? 'was' : 'were'} stopped by the search for the threshold`,
  evaluate({ equals }, { estimate }) {
    if (estimate === null) return null
    return estimate.low > equals ? { decision: 'above' } : estimate.high < equals ? { decision: 'below' } : null
  },
  need: ({ equals }, { estimate }) =>
    estimate === null ? Number.POSITIVE_INFINITY : halfWidthOf(estimate) / Math.abs(estimate.value - equals),
  unmet: { decision: 'undecided' },
} satisfies StopRuleEntry<RuleNamed<'threshold'>, { readonly decision: 'above' | 'below' | 'undecided' }>
