import * as z from 'zod'
import { descentShape } from './descent.ts'
import { pointSchema } from './landscape.ts'
import { keys, oneKey, quantity, text, words } from './leaf.ts'
import { ranges } from './range.ts'

const broadcast = (range: (typeof ranges)['any' | 'nonNegative'], description: string) =>
  z
    .union([quantity(range), z.array(quantity(range), { error: 'one number a coordinate' })], {
      error: 'a number, or one a coordinate',
    })
    .meta({ description: `${description}: a number for all coordinates, or a list of one for each.` })

const forms = {
  minimum: text('the name of a minimum').meta({ description: 'A named minimum.' }).optional(),
  point: text('the name of a point').meta({ description: 'A named point, or a named minimum.' }).optional(),
  uniform: keys({ low: broadcast(ranges.any, 'The lower end'), high: broadcast(ranges.any, 'The upper end') })
    .meta({ description: 'Each coordinate uniform from low to high.' })
    .optional(),
  gaussian: keys({
    mean: broadcast(ranges.any, 'The mean'),
    sigma: broadcast(ranges.nonNegative, 'The standard deviation'),
  })
    .meta({ description: 'Each coordinate normal.' })
    .optional(),
  init: words('he', 'xavier', 'lecun')
    .meta({
      description: 'Of networks: normal weights of variance 2/fan_in, 2/(fan_in + fan_out) or 1/fan_in, biases 0.',
    })
    .optional(),
  file: text('a file name').meta({ description: 'A point: .npy of float64, shape (d,) or (1, d).' }).optional(),
}

const expected = 'a point [..] or {minimum: NAME}'

const from = z
  .union(
    [
      pointSchema,
      oneKey({
        ...forms,
        descend: z.unknown().meta({ description: 'Refused here: one descent is enough.' }).optional(),
      }),
    ],
    { error: expected },
  )
  .meta({ description: 'Where the descent begins: a point or a start of another kind.' })

export const startSchema = z
  .union(
    [
      pointSchema,
      oneKey({
        ...forms,
        descend: keys({ from, ...descentShape })
          .meta({ description: 'The end of noise-free descent from a start of another kind.' })
          .optional(),
      }),
    ],
    { error: expected },
  )
  .meta({ description: 'theta_0: a point [..], {minimum: NAME}, a random start, the end of a descent, or a file.' })
