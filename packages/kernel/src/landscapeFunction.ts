import type { Cell, DataTable } from '@driftfarm/spec'
import { checkData } from './checkData.ts'
import { modelOf } from './model.ts'
import { type LossFunction, lossFunctionOf } from './reference/loss.ts'
import { roundingOf } from './rounding.ts'

/** The landscape of a cell for use on the host: loss and gradient over all samples, bit for bit those of its trials. */
export interface LandscapeFunction extends Pick<LossFunction, 'loss' | 'gradient'> {
  /** Coordinates of theta: the length of every theta and every gradient. */
  readonly dimension: number
  /** The absolute error that rounding may leave in a loss of size 1. */
  readonly rounding: number
}

/** `data` is what the landscape's reference stands for, null without one. Throws a KernelError for what cannot be computed. */
export function landscapeFunction(cell: Cell, data: DataTable | null): LandscapeFunction {
  checkData(cell, data)
  const model = modelOf(cell)
  const { loss, gradient } = lossFunctionOf(model, data?.values ?? null)
  return { dimension: model.dimension, loss, gradient, rounding: roundingOf(model) }
}
