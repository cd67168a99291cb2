import * as z from 'zod'
import { lawNames, laws, numberedLaws } from '../laws.ts'
import { ruleNames, ruleNumbers } from '../rules.ts'
import { pointSchema } from './landscape.ts'
import { identifier, keys, named, oneKey, quantity, text, words } from './leaf.ts'
import { ranges } from './range.ts'
import { scheduleSchema } from './schedule.ts'

const numbers = numberedLaws.map(({ name, key, range, description }) => ({
  name,
  key,
  schema: quantity(range, description),
}))
const plain = lawNames.filter((name) => laws[name].number === null)
const written = [...plain, ...numbers.map(({ name, key }) => `{${name}: {${key}}}`)]

/** The laws that have a number, as they are written: `{student: {nu: 3}}`. */
type NumberedLaws = {
  student: z.ZodOptional<z.ZodObject<{ nu: ReturnType<typeof quantity> }>>
  stable: z.ZodOptional<z.ZodObject<{ alpha: ReturnType<typeof quantity> }>>
}

const law = z.union(
  [
    words(...lawNames),
    oneKey(
      Object.fromEntries(
        numbers.map(({ name, key, schema }) => [
          name,
          keys({ [key]: schema })
            .meta({ description: `The law ${name} with its number.` })
            .optional(),
        ]),
      ) as unknown as NumberedLaws,
    ),
  ],
  { error: `a law: ${written.join(', ')}` },
)

const local = keys({
  at: words('start', 'current').meta({ description: 'theta_0 of the trial, or theta_n. Default start.' }).optional(),
  power: quantity(ranges.positive, 'Of the symmetric matrix, negative eigenvalues taken as 0. Default 0.5.').optional(),
  trace: quantity(ranges.positive, "Then scaled so that the trace of S S' is this. Default: not scaled.").optional(),
})
const matrix = z.array(pointSchema, { error: 'a list of rows [..]' })

const shapes = {
  hessian: local.meta({ description: 'S from the Hessian of the loss.' }).optional(),
  covariance: local.meta({ description: 'S from the covariance of the gradient over single samples.' }).optional(),
}

type Numbers = ReturnType<typeof quantity>
type MaybeNumber<Key extends string> = Record<Key, z.ZodOptional<Numbers>>

const numbersOfRules = Object.fromEntries(
  Object.entries(ruleNumbers).map(([key, { range, description }]) => [key, quantity(range, description).optional()]),
) as MaybeNumber<keyof typeof ruleNumbers>

const driftEntry = keys({
  form: words('additive', 'multiplicative', 'rate', 'rotation', 'flip', 'anisotropic', 'loss-scaled')
    .meta({
      description:
        "additive: g' = g + sigma xi; multiplicative: g'_i = g_i (1 + sigma xi_i); rate: eta (1 + sigma xi); " +
        "rotation: g turned by the angle sigma xi; flip: -g with probability q; anisotropic: g' = g + sigma S xi; " +
        "loss-scaled: g' = g + sigma sqrt(max(L, 0)) xi. Default additive.",
    })
    .optional(),
  law: law.meta({ description: 'Of xi, independent per coordinate. Default gaussian.' }).optional(),
  ...(Object.fromEntries(numbers.map(({ key, schema }) => [key, schema.optional()])) as MaybeNumber<'nu' | 'alpha'>),
  isotropic: z
    .boolean({ error: 'true or false' })
    .meta({ description: 'The vector xi is spherical, its coordinates have the law. Default false.' })
    .optional(),
  sigma: scheduleSchema(ranges.nonNegative, 'Scale; of additive drift: on the gradient.').optional(),
  step: scheduleSchema(ranges.nonNegative, "Scale of xi added to theta after the rule's own move.").optional(),
  temperature: scheduleSchema(ranges.nonNegative, 'T: like step with s = sqrt(2 eta T).').optional(),
  q: scheduleSchema(ranges.probability, 'Probability of a flip.').optional(),
  probability: scheduleSchema(ranges.probability, 'The same as q.').optional(),
  S: z
    .union([matrix, pointSchema, oneKey(shapes)], {
      error: 'a matrix [[..], ..], a diagonal [..], {hessian: {..}} or {covariance: {..}}',
    })
    .meta({ description: 'Of anisotropic drift.' })
    .optional(),
  matrix: matrix.meta({ description: 'The same as S.' }).optional(),
  diagonal: pointSchema.meta({ description: 'The same as S.' }).optional(),
  ...shapes,
  when: text('a condition such as "x >= 0"')
    .meta({ description: 'The drift acts where this holds at theta_n.' })
    .optional(),
  every: quantity(ranges.hold, 'It acts at the steps n that this divides. Default 1.').optional(),
})

const custom = keys({
  state: named(identifier, quantity(ranges.any), 'a mapping of names to numbers')
    .meta({ description: 'What the rule remembers of each coordinate, with its value at the beginning.' })
    .optional(),
  step: named(identifier, text('an expression'), 'a mapping of names to expressions').meta({
    description: 'The next value of each state, then of theta: over g, theta, the states, eta, n, xi and sign.',
  }),
}).meta({ description: 'A rule of your own, for each coordinate.' })

export const updateSchema = keys({
  rule: z
    .union([words(...ruleNames, 'custom'), oneKey({ custom: custom.optional() })], {
      error: `one of ${ruleNames.join(', ')}, or {custom: {state, step}}`,
    })
    .meta({
      description:
        "gradient: theta' = theta - eta g'; momentum: v' = beta v - eta g', theta' = theta + v'; nesterov, " +
        'adagrad, rmsprop, adam as PyTorch defines them. Default gradient.',
    })
    .optional(),
  eta: scheduleSchema(ranges.positive, 'Step size.'),
  ...numbersOfRules,
  custom: custom.optional(),
  drift: z
    .union([z.literal('none'), driftEntry, z.array(driftEntry, { error: 'a list of drifts' })], {
      error: '`none`, a drift {form, law, sigma | step | temperature} or a list of drifts',
    })
    .meta({ description: 'The random element. Default none: plain descent.' })
    .optional(),
}).meta({ description: 'How theta_n becomes theta_{n+1}.' })
