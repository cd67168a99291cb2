import * as z from 'zod'
import { keys, oneKey, quantity, text, words } from './leaf.ts'
import { ranges } from './range.ts'

const splitting = keys({
  score: text('a number over coordinates, loss, gradnorm, distance and step')
    .meta({ description: 'What is climbed by. Default: by how much the condition of the escape is missed.' })
    .optional(),
  target: quantity(
    ranges.any,
    'No level from here on. Default: levels go on until nearly all have escaped.',
  ).optional(),
  particles: quantity(ranges.particles, 'Trajectories of a replica. Default 1000.').optional(),
  kill: quantity(ranges.particles, 'At least so many die at a level. Default: a 64th of the particles.').optional(),
  replicas: quantity(ranges.replicas, 'Replicas of a cell. Default 64.').optional(),
})

const tilt = keys({
  shift: z
    .union([z.string(), z.array(z.string())], {
      error: 'a number over g, coordinates and step, or one for each coordinate',
    })
    .meta({ description: 'Added to the noise of each coordinate, in units of its standard deviation.' }),
  original: quantity(ranges.mixture, 'Share of trials that keep the original noise. Default 0.1.').optional(),
})

/** How the probability of escape is estimated. */
export const methodSchema = z
  .union(
    [
      words('direct', 'splitting', 'both'),
      oneKey({
        splitting: splitting.meta({ description: 'Adaptive multilevel splitting.' }).optional(),
        both: splitting.meta({ description: 'Every cell directly, and by splitting.' }).optional(),
        tilt: tilt.meta({ description: 'Importance sampling: trials with shifted noise, weighted back.' }).optional(),
      }),
    ],
    {
      error: 'direct, splitting, both, {splitting: {score, ..}}, {both: {score, ..}} or {tilt: {shift}}',
    },
  )
  .meta({
    description:
      'direct: the share of trials that escape. splitting: adaptive multilevel splitting, of which a trial is a ' +
      'replica. both: every cell by either. tilt: importance sampling. Default direct.',
  })
