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
            .meta({ description: `The distribution ${name} with its parameter.` })
            .optional(),
        ]),
      ) as unknown as NumberedLaws,
    ),
  ],
  { error: `a distribution: ${written.join(', ')}` },
)

const local = keys({
  at: words('start', 'current')
    .meta({
      description: 'Where the matrix is evaluated. start: at theta_0 of the trial. current: at theta_n. Default start.',
    })
    .optional(),
  power: quantity(
    ranges.positive,
    'S is the Hessian or covariance raised to this power, with negative eigenvalues set to 0. Default 0.5.',
  ).optional(),
  trace: quantity(
    ranges.positive,
    "S is scaled so that the trace of S S' has this value. Default: not scaled.",
  ).optional(),
})
const matrix = z.array(pointSchema, { error: 'a list of rows [..]' })

const shapes = {
  hessian: local.meta({ description: 'Computes S from the Hessian of the loss.' }).optional(),
  covariance: local.meta({ description: 'Computes S from the covariance of the single-sample gradients.' }).optional(),
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
        "How the noise xi changes the gradient g or the step. additive: g' = g + sigma xi; multiplicative: " +
        "g'_i = g_i (1 + sigma xi_i); rate: eta (1 + sigma xi); rotation: g rotated by the angle sigma xi; " +
        "flip: g' = -g with probability q; anisotropic: g' = g + sigma S xi; " +
        "loss-scaled: g' = g + sigma sqrt(max(L, 0)) xi. Default additive.",
    })
    .optional(),
  law: law
    .meta({ description: 'The distribution of xi, independent for each coordinate. Default gaussian.' })
    .optional(),
  ...(Object.fromEntries(numbers.map(({ key, schema }) => [key, schema.optional()])) as MaybeNumber<'nu' | 'alpha'>),
  isotropic: z
    .boolean({ error: 'true or false' })
    .meta({
      description:
        'Makes the distribution of the vector xi spherically symmetric. The law uniform then acts like ball, and ' +
        'rademacher like sphere. With any other law, each coordinate keeps its distribution. Default false.',
    })
    .optional(),
  sigma: scheduleSchema(
    ranges.nonNegative,
    'Scale of xi. For additive drift, the noise is added to the gradient.',
  ).optional(),
  step: scheduleSchema(
    ranges.nonNegative,
    "Scale of noise that is added to theta after the rule's own step.",
  ).optional(),
  temperature: scheduleSchema(
    ranges.nonNegative,
    'Langevin temperature T: adds noise to theta as `step` does, with scale sqrt(2 eta T).',
  ).optional(),
  q: scheduleSchema(ranges.probability, 'Probability of a flip.').optional(),
  probability: scheduleSchema(ranges.probability, 'Another name for `q`.').optional(),
  S: z
    .union([matrix, pointSchema, oneKey(shapes)], {
      error: 'a matrix [[..], ..], a diagonal [..], {hessian: {..}} or {covariance: {..}}',
    })
    .meta({ description: 'The matrix S of anisotropic drift.' })
    .optional(),
  matrix: matrix.meta({ description: 'The matrix S, given by its rows.' }).optional(),
  diagonal: pointSchema.meta({ description: 'The diagonal matrix S, given by its diagonal.' }).optional(),
  ...shapes,
  when: text('a condition such as "x >= 0"')
    .meta({ description: 'The drift acts only at steps where this condition holds at theta_n.' })
    .optional(),
  every: quantity(ranges.hold, 'The drift acts only at steps n that are multiples of this. Default 1.').optional(),
})

const custom = keys({
  state: named(identifier, quantity(ranges.any), 'a mapping of names to numbers')
    .meta({ description: 'State variables of each coordinate with their initial values.' })
    .optional(),
  step: named(identifier, text('an expression'), 'a mapping of names to expressions').meta({
    description:
      'Expressions for the next values of the state variables and then of theta. They may use g, theta, the state ' +
      'variables, eta, n, xi and sign.',
  }),
}).meta({ description: 'A custom rule, applied to each coordinate.' })

export const updateSchema = keys({
  rule: z
    .union([words(...ruleNames, 'custom'), oneKey({ custom: custom.optional() })], {
      error: `one of ${ruleNames.join(', ')}, or {custom: {state, step}}`,
    })
    .meta({
      description:
        "The update rule. gradient: theta' = theta - eta g'; momentum: v' = beta v - eta g', theta' = theta + v'; " +
        'nesterov, adagrad, rmsprop and adam as PyTorch defines them. Default gradient.',
    })
    .optional(),
  eta: scheduleSchema(ranges.positive, 'Step size (learning rate).'),
  ...numbersOfRules,
  custom: custom.optional(),
  drift: z
    .union([z.literal('none'), driftEntry, z.array(driftEntry, { error: 'a list of drifts' })], {
      error: '`none`, a drift {form, law, sigma | step | temperature} or a list of drifts',
    })
    .meta({ description: 'Noise that is deliberately added to the update. Default none: plain descent.' })
    .optional(),
}).meta({ description: 'How theta_n becomes theta_{n+1}.' })
