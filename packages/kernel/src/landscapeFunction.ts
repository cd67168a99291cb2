import type { Cell, DataTable } from '@driftfarm/spec'
import { modelOf } from './model.ts'
import { type LossFunction, lossFunctionOf } from './reference/loss.ts'

/** The landscape of a cell for use on the host: loss and gradient over all samples, bit for bit those of its trials. */
export interface LandscapeFunction extends LossFunction {
  /** Coordinates of theta: the length of every theta and every gradient. */
  readonly dimension: number
}

/** `data` is what the landscape's reference stands for, null without one. Throws a KernelError for what cannot be computed. */
export function landscapeFunction(cell: Cell, _data: DataTable | null): LandscapeFunction {
  const model = modelOf(cell)
  const { loss, gradient } = lossFunctionOf(model)
  return { dimension: model.dimension, loss, gradient }
}
