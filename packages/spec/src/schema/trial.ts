import * as z from 'zod'
import { descentShape } from './descent.ts'
import { pointSchema } from './landscape.ts'
import { keys, label, named, quantity, text, words } from './leaf.ts'
import { ranges } from './range.ts'

const condition = text('a condition such as "x >= 0"')
const place = z.union([z.string(), pointSchema], { error: 'the name of a minimum, or a point' })

const outside = keys({
  radius: quantity(ranges.positive, 'Distance from the centre at which the trial escapes.'),
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
      'First exit: a condition, named exits in order, {outside: {radius, of}}, or {basin: true, every}. basin: at ' +
      'every k-th step, noise-free descent from theta_n no longer ends where that from theta_0 does. It also takes ' +
      '`gradient`, `eta` and `steps` of the descent.',
  })

const convergeSchema = keys({
  within: quantity(ranges.positive, 'Converged within this radius around `of`.').optional(),
  of: place.meta({ description: 'A minimum, a point, or any for any of the named minima. Default any.' }).optional(),
  gradient: quantity(
    ranges.nonNegative,
    'Converged when the Euclidean norm of the gradient is at most this.',
  ).optional(),
  when: condition
    .meta({ description: 'Converged when this condition on coordinates, loss, gradnorm, distance and step holds.' })
    .optional(),
  hold: quantity(
    ranges.hold,
    'The condition must hold at this many consecutive steps; the last is the time of convergence. Default 1.',
  ).optional(),
}).meta({ description: 'When a trial has converged: exactly one of within, gradient, when.' })

export const trialSchema = keys({
  steps: quantity(ranges.steps, 'The horizon N: the largest number of steps of a trial.'),
  escape: escapeSchema.optional(),
  converge: convergeSchema.optional(),
  afterEscape: words('stop', 'continue')
    .meta({ description: 'What a trial does after its escape. Default stop.' })
    .optional(),
  afterConverge: words('stop', 'continue')
    .meta({ description: 'What a trial does after converging. Default stop.' })
    .optional(),
  divergence: quantity(
    ranges.positive,
    'A trial ends as diverged when |theta_i| exceeds this. Default 1e6.',
  ).optional(),
  marks: named(label, condition, 'a mapping of names to conditions')
    .meta({ description: 'Named conditions whose first times are recorded. They never end a trial.' })
    .optional(),
  classify: named(label, condition, 'a mapping of names to conditions')
    .meta({
      description: 'Classes of the end state. The first condition that holds names the class, otherwise it is "other".',
    })
    .optional(),
  settledRadius: quantity(
    ranges.positive,
    'A converged trial has settled in the first minimum within this distance. Default 1e-3.',
  ).optional(),
  warmup: quantity(
    ranges.stepIndex,
    'Warm-up steps before time zero, without events. distance and basin refer to the point where they end. Default 0.',
  ).optional(),
  quench: z
    .union([z.boolean(), keys(descentShape)], { error: 'true, false or {gradient, eta, steps}' })
    .meta({
      description:
        'Runs noise-free descent from the last theta to find the minimum in which the trial settled. Default false.',
    })
    .optional(),
}).meta({ description: 'The horizon and the events of a trial. Events are tested on theta_n after each step.' })
