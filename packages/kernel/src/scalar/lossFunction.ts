import type { Xoshiro } from '../streams/xoshiro.ts'
import type { SampleOrder } from './batch.ts'

/** The landscape as functions of theta, over all samples. */
export interface LossFunction {
  loss(theta: Float64Array): number
  gradient(theta: Float64Array, into: Float64Array): void
  /** Over one sample. Null where there are none. */
  readonly sampleGradient: ((theta: Float64Array, row: number, into: Float64Array) => void) | null
  /** Over the next batch, which the stream of the trial draws. Null where steps take all samples. */
  readonly batchGradient:
    | ((theta: Float64Array, stream: Xoshiro, order: SampleOrder, into: Float64Array) => void)
    | null
}
