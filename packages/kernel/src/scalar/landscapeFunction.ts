import type { Cell, NetworkLandscape, PopulationLandscape, Slopes, Tables } from '@driftfarm/spec'
import { checkData, samplesOf } from '../model/cell.ts'
import { type Comparison, comparisonOf } from '../model/comparison.ts'
import { modelOf } from '../model/model.ts'
import { gradientAt } from './gradient.ts'
import { givenLoss, lossFunctionOf } from './loss.ts'
import type { LossFunction } from './lossFunction.ts'

/**
 * The landscape of a cell for use in JavaScript: loss and gradient over all samples. Both agree bit for bit with the
 * trials of the cell.
 */
export interface LandscapeFunction extends Pick<LossFunction, 'loss' | 'curvature'>, Comparison {
  gradient(theta: Float64Array, into: Float64Array): void
  /** Number of coordinates: the length of every theta and every gradient. */
  readonly dimension: number
}

/**
 * Returns the landscape of a cell as functions of theta. `tables` are the tables that the cell needs.
 * Throws a KernelError if the cell cannot be computed.
 */
export function landscapeFunction(cell: Cell, tables: Tables): LandscapeFunction {
  checkData(cell, tables)
  const model = modelOf(cell)
  const { loss, gradient, curvature } = lossFunctionOf(model, tables)
  return { dimension: model.dimension, loss, gradient, ...(curvature && { curvature }), ...comparisonOf(model) }
}

/** Approximate number of operations of a gradient per weight and sample. */
const operationsPerWeight = 6

/** Loss and gradient of a network, as its trials compute them. Pass this function to `parseSweep` as `slopesOf`. */
export function networkSlopes(landscape: NetworkLandscape | PopulationLandscape, tables: Tables): Slopes {
  checkData({ landscape }, tables)
  const { dimension } = landscape
  const { loss, gradient } = givenLoss(landscape, tables)
  return {
    dimension,
    loss,
    gradient: (theta) => gradientAt(gradient, theta),
    cost: operationsPerWeight * dimension * (samplesOf({ landscape })?.rows ?? dimension),
  }
}
