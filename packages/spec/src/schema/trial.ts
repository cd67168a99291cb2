import * as z from 'zod'
import { descentShape } from './descent.ts'
import { pointSchema } from './landscape.ts'
import { keys, label, named, quantity, text, words } from './leaf.ts'
import { ranges } from './range.ts'

const condition = text('a condition such as "x >= 0"')
const place = z.union([z.string(), pointSchema], { error: 'the name of a minimum, or a point' })

const outside = keys({
  radius: quantity(ranges.positive, 'The least distance from the centre.'),
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
      'First exit: a condition, named exits in order, {outside: {radius, of}}, or {basin: true, every}: noise-free ' +
      'descent, tried every k-th step, ends elsewhere than that from theta_0 (also gradient, eta, steps of the ' +
      'descent).',
  })

const convergeSchema = keys({
  within: quantity(ranges.positive, 'Radius around `of`.').optional(),
  of: place.meta({ description: 'A minimum, a point, or any (of the named minima). Default any.' }).optional(),
  gradient: quantity(ranges.nonNegative, 'Largest Euclidean norm of the gradient.').optional(),
  when: condition.meta({ description: 'A condition on coordinates, loss, gradnorm, distance and step.' }).optional(),
  hold: quantity(ranges.hold, 'True so many steps running; the last one counts. Default 1.').optional(),
}).meta({ description: 'Exactly one of within, gradient, when.' })

export const trialSchema = keys({
  steps: quantity(ranges.steps, 'The horizon N.'),
  escape: escapeSchema.optional(),
  converge: convergeSchema.optional(),
  afterEscape: words('stop', 'continue').meta({ description: 'Default stop.' }).optional(),
  afterConverge: words('stop', 'continue').meta({ description: 'Default stop.' }).optional(),
  divergence: quantity(ranges.positive, '|theta_i| above this ends a trial as diverged. Default 1e6.').optional(),
  marks: named(label, condition, 'a mapping of names to conditions')
    .meta({ description: 'First times, noted, never ending a trial.' })
    .optional(),
  classify: named(label, condition, 'a mapping of names to conditions')
    .meta({ description: 'Classes of the end state; the first true one wins, else "other".' })
    .optional(),
  settledRadius: quantity(
    ranges.positive,
    'A converged trial is settled in the first minimum this near. Default 1e-3.',
  ).optional(),
  warmup: quantity(
    ranges.stepIndex,
    'Steps before time zero, without events; distance and basin refer to where they end. Default 0.',
  ).optional(),
  quench: z
    .union([z.boolean(), keys(descentShape)], { error: 'true, false or {gradient, eta, steps}' })
    .meta({ description: 'Noise-free descent from the last theta says where the trial settled. Default false.' })
    .optional(),
}).meta({ description: 'The horizon and the events, tested on theta_n after each step.' })
