import type { Xoshiro } from '../streams/xoshiro.ts'
import type { SampleOrder } from './batch.ts'

/** The landscape as functions of theta, over all samples. */
export interface LossFunction {
  loss(theta: Float64Array): number
  gradient(theta: Float64Array, into: Float64Array): void
  /** The gradient of one sample; null without samples. */
  readonly sampleGradient: ((theta: Float64Array, row: number, into: Float64Array) => void) | null
  /** The gradient of the next batch, which is drawn from the stream of the trial; null if steps use all samples. */
  readonly batchGradient:
    | ((theta: Float64Array, stream: Xoshiro, order: SampleOrder, into: Float64Array) => void)
    | null
}
