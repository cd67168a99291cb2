import { count, estimateShape, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { integerShape } from './number.ts'
import { originShape } from './origin.ts'
import { sweepShape } from './sweep.ts'

/** The cell of a sweep in which an estimate is largest or smallest. */
export const bestShape = z.strictObject({
  sweep: sweepShape.pick({ id: true, name: true, state: true }),
  of: z.string(),
  direction: z.enum(['max', 'min']),
  among: count.describe('Number of cells compared.'),
  cell: originShape.extend({ trials: integerShape }),
  estimate: estimateShape.describe(
    'Estimate as in the document Results. Its interval is valid only if the cell was chosen before the results ' +
      'were known.',
  ),
  simultaneous: estimateShape.describe(
    'Estimate with an interval that is valid for all cells simultaneously, and therefore for the selected cell.',
  ),
  contenders: z
    .array(count)
    .describe(
      'Indices of other cells that may be as good: their simultaneous intervals overlap the interval of the best cell.',
    ),
})
export type BestData = Plain<z.infer<typeof bestShape>>
