import { compileScalar, type Slots } from '@driftfarm/formula'
import type { Cell } from '@driftfarm/spec'
import { type Scales, scalesOf, valueAt } from '../model/schedule.ts'

/** The scales of the update from theta_n to theta_{n+1}. */
export interface StepScales {
  readonly eta: number
  /**
   * For each drift entry, the factor of the random number xi. With the additive scale `temperature`, the factor is
   * sqrt(2 eta_n T_n).
   */
  readonly drift: readonly number[]
}

/**
 * Returns a function that computes the step size and the scales of a cell at a step n >= 0. The results agree bit for
 * bit with the trials of the cell.
 */
export function scaleFunction(cell: Cell): (n: number) => StepScales {
  return scaleFunctionOf(scalesOf(cell))
}

export function scaleFunctionOf({ eta, drift, parameters, pieces }: Scales): (n: number) => StepScales {
  const slots: Slots = {
    names: new Map(['n', ...parameters.keys(), ...pieces.keys()].map((name, slot) => [name, slot])),
    arrays: new Map(),
  }
  const values = new Float64Array(slots.names.size)
  values.set([...parameters.values()], 1)
  const firstOfPieces = 1 + parameters.size
  const listed = [...pieces.values()]
  const etaOf = compileScalar(eta, slots)
  const driftOf = drift.map((scale) => compileScalar(scale, slots))
  return (n) => {
    values[0] = n
    for (let i = 0; i < listed.length; i++) values[firstOfPieces + i] = valueAt(listed[i]!, n)
    return { eta: etaOf(values, []), drift: driftOf.map((scaleOf) => scaleOf(values, [])) }
  }
}
