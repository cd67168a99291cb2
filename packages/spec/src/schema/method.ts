import * as z from 'zod'
import { keys, oneKey, quantity, text, words } from './leaf.ts'
import { ranges } from './range.ts'

const splitting = keys({
  score: text('a numeric expression over coordinates, loss, gradnorm, distance and step')
    .meta({
      description: 'The score that defines the levels. Default: how nearly the escape condition holds.',
    })
    .optional(),
  target: quantity(
    ranges.any,
    'The highest score at which a level is placed. Default: levels continue until nearly all particles have escaped.',
  ).optional(),
  particles: quantity(ranges.particles, 'Number of trajectories in a replica. Default 1000.').optional(),
  kill: quantity(
    ranges.particles,
    'At least this many particles are killed at each level. Default: a 64th of the particles.',
  ).optional(),
  replicas: quantity(ranges.replicas, 'Number of replicas of a cell. Default 64.').optional(),
})

const tilt = keys({
  shift: z
    .union([z.string(), z.array(z.string())], {
      error: 'a numeric expression over g, coordinates and step, or one for each coordinate',
    })
    .meta({
      description: 'The shift of the noise in each coordinate, in standard deviations of the noise.',
    }),
  original: quantity(ranges.mixture, 'Fraction of trials that keep the original noise. Default 0.1.').optional(),
})

export const methodSchema = z
  .union(
    [
      words('direct', 'splitting', 'both'),
      oneKey({
        splitting: splitting.meta({ description: 'Adaptive multilevel splitting.' }).optional(),
        both: splitting.meta({ description: 'Computes every cell directly and by splitting.' }).optional(),
        tilt: tilt
          .meta({ description: 'Importance sampling: trials with shifted noise, reweighted to the original noise.' })
          .optional(),
      }),
    ],
    {
      error: 'direct, splitting, both, {splitting: {score, ..}}, {both: {score, ..}} or {tilt: {shift}}',
    },
  )
  .meta({
    description:
      'How the escape probability is estimated. direct: the fraction of trials that escape. splitting: adaptive ' +
      'multilevel splitting, where each trial is a replica. both: every cell directly and by splitting. ' +
      'tilt: importance sampling. Default direct.',
  })
