import * as z from 'zod'
import { keys, oneKey, quantity, text, words } from './leaf.ts'
import { ranges } from './range.ts'
import { scheduleSchema } from './schedule.ts'

const law = z.union(
  [
    words('gaussian', 'uniform', 'rademacher', 'laplace', 'student', 'cauchy', 'stable', 'sphere', 'ball'),
    oneKey({
      student: keys({ nu: quantity(ranges.positive) }).optional(),
      stable: keys({ alpha: quantity(ranges.positive) }).optional(),
    }),
  ],
  { error: 'a law: gaussian, uniform or rademacher' },
)

const driftEntry = keys({
  form: words('additive', 'multiplicative', 'rate', 'rotation', 'flip', 'anisotropic', 'loss-scaled')
    .meta({ description: "additive: g' = g + sigma xi. The other forms are not yet built. Default additive." })
    .optional(),
  law: law.meta({ description: 'Of xi, independent per coordinate, unit variance. Default gaussian.' }).optional(),
  sigma: scheduleSchema(ranges.nonNegative, 'Scale on the gradient.').optional(),
  step: scheduleSchema(ranges.nonNegative, "Scale of xi added to theta after the rule's own move.").optional(),
  temperature: scheduleSchema(ranges.nonNegative, 'T: like step with s = sqrt(2 eta T).').optional(),
  probability: scheduleSchema(ranges.nonNegative, 'Of a flip. Not yet built.').optional(),
  q: scheduleSchema(ranges.nonNegative, 'Of a flip. Not yet built.').optional(),
  matrix: z.unknown().meta({ description: 'Of anisotropic drift. Not yet built.' }).optional(),
  nu: quantity(ranges.positive).optional(),
  alpha: quantity(ranges.positive).optional(),
  isotropic: z.boolean({ error: 'true or false' }).meta({ description: 'true is not yet built.' }).optional(),
  when: text('an event expression').meta({ description: 'Not yet built.' }).optional(),
  every: quantity(ranges.hold, 'Above 1 not yet built.').optional(),
})

export const updateSchema = keys({
  rule: words('gradient', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam')
    .meta({
      description:
        "gradient: theta' = theta - eta g'; momentum: v' = beta v - eta g', theta' = theta + v'. The others are not yet built. Default gradient.",
    })
    .optional(),
  eta: scheduleSchema(ranges.positive, 'Step size.'),
  beta: quantity(ranges.beta, 'Of momentum.').optional(),
  beta1: quantity(ranges.beta).optional(),
  beta2: quantity(ranges.beta).optional(),
  alpha: quantity(ranges.beta).optional(),
  epsilon: quantity(ranges.positive).optional(),
  custom: keys({ state: z.record(z.string(), z.unknown()), step: z.record(z.string(), z.string()) })
    .meta({ description: 'Not yet built.' })
    .optional(),
  drift: z
    .union([z.literal('none'), driftEntry, z.array(driftEntry, { error: 'a list of drifts' })], {
      error: 'none, a drift {form, law, sigma | step | temperature} or a list of drifts',
    })
    .meta({ description: 'The random element. Default none: plain descent.' })
    .optional(),
}).meta({ description: 'How theta_n becomes theta_{n+1}.' })
