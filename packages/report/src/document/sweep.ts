import { count, decimal, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { integerShape } from './number.ts'
import { idShape } from './origin.ts'

export const stateShape = z.enum([
  'planned',
  'running',
  'paused',
  'interrupted',
  'stopped',
  'cancelled',
  'incomplete',
  'complete',
])
export type SweepState = z.infer<typeof stateShape>

/** A sweep as its results name it. */
export const sweepShape = z.strictObject({
  id: idShape,
  name: z.string(),
  state: stateShape,
  /** 0 .. 2^64-1. */
  seed: decimal,
  cells: count,
  /** Trials that count, over all cells. */
  trials: integerShape,
})
export type SweepSummary = Plain<z.infer<typeof sweepShape>>
