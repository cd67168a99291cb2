import type { Xoshiro } from '../streams/xoshiro.ts'
import type { SampleOrder } from './batch.ts'

/** `loss` and `gradient` use all samples. */
export interface LossFunction {
  loss(theta: Float64Array): number
  gradient(theta: Float64Array, into: Float64Array): void
  /** Null without samples. */
  readonly sampleGradient: ((theta: Float64Array, row: number, into: Float64Array) => void) | null
  /** Draws the next batch from the data stream of the trial. Null if steps use all samples. */
  readonly batchGradient:
    | ((theta: Float64Array, stream: Xoshiro, order: SampleOrder, into: Float64Array) => void)
    | null
}
