import { sweepStateNames } from '@driftfarm/spec'
import { count, decimal, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { integerShape } from './number.ts'
import { idShape } from './origin.ts'

export const stateShape = z.enum(sweepStateNames)

/** A sweep as its results describe it. */
export const sweepShape = z.strictObject({
  id: idShape,
  name: z.string(),
  state: stateShape,
  /** Decimal text of an integer in 0 .. 2^64-1. */
  seed: decimal,
  cells: count,
  /** Trials that count, over all cells. */
  trials: integerShape,
})
export type SweepSummary = Plain<z.infer<typeof sweepShape>>
