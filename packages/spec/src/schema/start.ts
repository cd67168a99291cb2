import * as z from 'zod'
import { descentShape } from './descent.ts'
import { pointSchema } from './landscape.ts'
import { keys, oneKey, quantity, text, words } from './leaf.ts'
import { ranges } from './range.ts'

const broadcast = (range: (typeof ranges)['any' | 'nonNegative'], description: string) =>
  z
    .union([quantity(range), z.array(quantity(range), { error: 'one number per coordinate' })], {
      error: 'a number, or one per coordinate',
    })
    .meta({ description: `${description}: one number for all coordinates, or a list with one number per coordinate.` })

const forms = {
  minimum: text('the name of a minimum').meta({ description: 'A named minimum.' }).optional(),
  point: text('the name of a point').meta({ description: 'A named point, or a named minimum.' }).optional(),
  uniform: keys({ low: broadcast(ranges.any, 'The lower limit'), high: broadcast(ranges.any, 'The upper limit') })
    .meta({ description: 'Each coordinate is uniform from low to high.' })
    .optional(),
  gaussian: keys({
    mean: broadcast(ranges.any, 'The mean'),
    sigma: broadcast(ranges.nonNegative, 'The standard deviation'),
  })
    .meta({ description: 'Each coordinate is normally distributed.' })
    .optional(),
  init: words('he', 'xavier', 'lecun')
    .meta({
      description:
        'For networks: normal weights of variance 2/fan_in (he), 2/(fan_in + fan_out) (xavier) or 1/fan_in (lecun). ' +
        'Biases are 0.',
    })
    .optional(),
  file: text('a file name')
    .meta({ description: 'A point in a .npy file of float64 numbers, shape (d,) or (1, d).' })
    .optional(),
}

const expected = 'a point [..] or {minimum: NAME}'

const from = z
  .union(
    [
      pointSchema,
      oneKey({
        ...forms,
        descend: z
          .unknown()
          .meta({ description: 'Not allowed here: a descent cannot start from another descent.' })
          .optional(),
      }),
    ],
    { error: expected },
  )
  .meta({ description: 'Where the descent begins: a point, or any other kind of start.' })

export const startSchema = z
  .union(
    [
      pointSchema,
      oneKey({
        ...forms,
        descend: keys({ from, ...descentShape })
          .meta({ description: 'The end point of a noise-free descent that begins at `from`.' })
          .optional(),
      }),
    ],
    { error: expected },
  )
  .meta({
    description: 'The start theta_0: a point [..], {minimum: NAME}, a random start, the end of a descent, or a file.',
  })
