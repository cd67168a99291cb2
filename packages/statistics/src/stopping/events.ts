import * as z from 'zod'
import type { RuleNamed, StopRuleEntry } from '../evidence/stopRule.ts'
import { clopperPearsonAt, inverseBinomialAt } from '../interval/fixedSize.ts'
import { count } from '../shape.ts'

export const events = {
  shape: z.strictObject({ rule: z.literal('events'), estimate: z.string(), events: count }),
  text: ({ estimate, events }) => `${events} × ${estimate}`,
  ended: () => 'stopped at the requested number of events',
  nth: ({ events }) => events,
  endsAtFirst: true,
  after: (_, k, n, alpha) => ({
    value: n > 1 ? (k - 1) / (n - 1) : k / n,
    ...inverseBinomialAt(k, n, alpha),
    method: 'inverse-binomial',
  }),
  before: (k, n, alpha) => ({ value: k / n, ...clopperPearsonAt(k, n, alpha), method: 'clopper-pearson' }),
} satisfies StopRuleEntry<RuleNamed<'events'>>
