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
  among: count.describe('Cells that it was picked from.'),
  cell: originShape.extend({ trials: integerShape }),
  estimate: estimateShape.describe('As in the results: right for a cell that was chosen beforehand.'),
  simultaneous: estimateShape.describe('Right for all cells at once, and so for the one that was picked.'),
  contenders: z
    .array(count)
    .describe('Other cells that may be as good: their simultaneous intervals reach into that of the best.'),
})
export type BestData = Plain<z.infer<typeof bestShape>>
