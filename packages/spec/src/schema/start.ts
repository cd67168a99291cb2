import * as z from 'zod'
import { pointSchema } from './landscape.ts'
import { keys, oneKey, quantity, text, words } from './leaf.ts'
import { ranges } from './range.ts'

const broadcast = (range: (typeof ranges)['any' | 'nonNegative']) =>
  z.union([quantity(range), z.array(quantity(range))], { error: 'a number, or one a coordinate' })

export const startSchema = z
  .union(
    [
      pointSchema,
      oneKey({
        minimum: text('the name of a minimum').optional(),
        uniform: keys({ low: broadcast(ranges.any), high: broadcast(ranges.any) }).optional(),
        gaussian: keys({ mean: broadcast(ranges.any), sigma: broadcast(ranges.nonNegative) }).optional(),
        init: words('he', 'xavier', 'lecun').optional(),
        descend: keys({
          from: z.unknown(),
          gradient: quantity(ranges.positive).optional(),
        }).optional(),
        file: text('a file name').optional(),
      }),
    ],
    { error: 'a point [..] or {minimum: NAME}' },
  )
  .meta({ description: 'theta_0: a point [..] or {minimum: NAME}; the other starts are not yet built.' })
