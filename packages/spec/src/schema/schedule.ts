import * as z from 'zod'
import { keys, numberOrExpression, oneKey, quantity, text } from './leaf.ts'
import { closed, type Range, ranges } from './range.ts'

/** A number as a function of the step n = 0, 1, ... */
export function scheduleSchema(range: Range, description: string) {
  const forms = oneKey({
    power: keys({
      initial: quantity(range, 'The value at n = 0.'),
      offset: quantity(ranges.positive, 'The number of steps after which the decay sets in.'),
      exponent: quantity(ranges.any, 'The exponent of the power-law decay.'),
    })
      .meta({ description: 'initial * (1 + n/offset)^-exponent' })
      .optional(),
    exponential: keys({
      initial: quantity(range, 'The value at n = 0.'),
      rate: quantity(ranges.positive, 'The factor from one step to the next.'),
    })
      .meta({ description: 'initial * rate^n' })
      .optional(),
    cosine: keys({
      initial: quantity(range, 'The value at n = 0.'),
      final: quantity(closed(range), 'The value at n = steps and later.'),
      steps: quantity(ranges.steps, 'The number of steps from initial to final.'),
    })
      .meta({ description: 'from initial to final along half a period of a cosine in `steps` steps, then final' })
      .optional(),
    piecewise: z
      .array(z.tuple([quantity(ranges.stepIndex), quantity(range)], { error: 'a pair [n, value]' }), {
        error: 'a list of [n, value]',
      })
      .min(1, { error: 'at least one [n, value]' })
      .meta({ description: '[[0, a], [500, b]]: a before step 500, then b' })
      .optional(),
    expression: text('an expression over n').meta({ description: 'an expression over n' }).optional(),
  })
  const schedules = '{power | exponential | cosine | piecewise | expression}'
  const expected = `${range.expected}, "= expression" or a schedule ${schedules}`
  return z.union([...numberOrExpression(range, expected), forms], { error: expected }).meta({ description })
}
