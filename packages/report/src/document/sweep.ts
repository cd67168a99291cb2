import { sweepStateNames } from '@driftfarm/spec'
import { count, decimal, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { integerShape } from './number.ts'
import { idShape } from './origin.ts'

export const stateShape = z.enum(sweepStateNames)

/** The description of a sweep in its results. */
export const sweepShape = z.strictObject({
  id: idShape,
  name: z.string(),
  state: stateShape,
  /** Decimal text of an integer in 0 .. 2^64-1. */
  seed: decimal,
  cells: count,
  /** Number of counted trials over all cells. */
  trials: integerShape,
})
export type SweepSummary = Plain<z.infer<typeof sweepShape>>
