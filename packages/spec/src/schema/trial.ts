import * as z from 'zod'
import { descentShape } from './descent.ts'
import { pointSchema } from './landscape.ts'
import { keys, label, named, quantity, text, words } from './leaf.ts'
import { ranges } from './range.ts'

const condition = text('a condition such as "x >= 0"')
const place = z.union([z.string(), pointSchema], { error: 'the name of a minimum, or a point' })

const outside = keys({
  radius: quantity(ranges.positive, 'The trial escapes at this distance from the centre.'),
  of: place.meta({ description: 'The centre: a named minimum, or a point.' }),
}).meta({
  description: '|theta - of| >= radius',
})

const escapeSchema = z
  .union(
    [
      condition,
      named(
        label,
        z.union([condition, outside, z.boolean(), z.number()], { error: 'a condition such as "x >= 0"' }),
        'a mapping of names to conditions',
      ),
    ],
    { error: 'a condition, named conditions, {outside: {radius, of}} or {basin: true, every}' },
  )
  .meta({
    description:
      'The escape: a condition, named exits, {outside: {radius, of}}, or {basin: true, every}. If several exits hold ' +
      'at one step, the first one counts. basin: at each step n that is a multiple of `every`, noise-free descents ' +
      'start from theta_n and from theta_0. The trial escapes if they end in different basins. The mapping may also ' +
      'contain `gradient`, `eta` and `steps`, which control these descents.',
  })

const convergeSchema = keys({
  within: quantity(
    ranges.positive,
    'Converged when theta is within this distance of the centre, which the key `of` gives.',
  ).optional(),
  of: place
    .meta({ description: 'The centre: a minimum, a point, or `any` for all named minima. Default any.' })
    .optional(),
  gradient: quantity(
    ranges.nonNegative,
    'Converged when the Euclidean norm of the gradient is at most this.',
  ).optional(),
  when: condition
    .meta({
      description:
        'Converged when this condition holds. It may use the coordinates, loss, gradnorm, distance and step.',
    })
    .optional(),
  hold: quantity(
    ranges.hold,
    'The condition must hold at this number of consecutive steps. The last of these steps is the time of ' +
      'convergence. Default 1.',
  ).optional(),
}).meta({ description: 'When a trial has converged: exactly one of within, gradient, when.' })

export const trialSchema = keys({
  steps: quantity(ranges.steps, 'The horizon N: the largest number of steps of a trial.'),
  escape: escapeSchema.optional(),
  converge: convergeSchema.optional(),
  afterEscape: words('stop', 'continue')
    .meta({ description: 'Whether a trial stops after its escape. Default stop.' })
    .optional(),
  afterConverge: words('stop', 'continue')
    .meta({ description: 'Whether a trial stops after it has converged. Default stop.' })
    .optional(),
  divergence: quantity(
    ranges.positive,
    'A trial ends as diverged when |theta_i| exceeds this. Default 1e6.',
  ).optional(),
  marks: named(label, condition, 'a mapping of names to conditions')
    .meta({
      description:
        'Named conditions. The first step at which each condition holds is recorded. Marks never end a trial.',
    })
    .optional(),
  classify: named(label, condition, 'a mapping of names to conditions')
    .meta({
      description:
        'Classes of the end state. The first condition that holds names the class. If none holds, the class is ' +
        '"other".',
    })
    .optional(),
  settledRadius: quantity(
    ranges.positive,
    'A converged trial settles in the first named minimum that is within this distance of its last theta. ' +
      'Default 1e-3.',
  ).optional(),
  warmup: quantity(
    ranges.stepIndex,
    'Number of warm-up steps before time zero. Events are not tested during the warm-up. `distance` is measured ' +
      'from the point where the warm-up ends, and `basin` is the basin of that point. Default 0.',
  ).optional(),
  quench: z
    .union([z.boolean(), keys(descentShape)], { error: 'true, false or {gradient, eta, steps}' })
    .meta({
      description:
        'Runs noise-free descent from the last theta to find the minimum in which the trial settled. Default false.',
    })
    .optional(),
}).meta({ description: 'The horizon and the events of a trial. Events are tested on theta_n after each step.' })
