import { compileScalar, NamedValues } from '@driftfarm/formula'
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
  let scales = known.get(cell)
  if (scales === undefined) {
    scales = scaleFunctionOf(scalesOf(cell))
    known.set(cell, scales)
  }
  return scales
}

/** The checks of a cell ask for its scales several times. */
const known = new WeakMap<Cell, (n: number) => StepScales>()

export function scaleFunctionOf({ eta, drift, parameters, pieces }: Scales): (n: number) => StepScales {
  const named = new NamedValues(['n', ...parameters.keys(), ...pieces.keys()])
  named.putAll(parameters)
  const etaOf = compileScalar(eta, named.slots)
  const driftOf = drift.map((scale) => compileScalar(scale, named.slots))
  return (n) => {
    named.put('n', n)
    for (const [name, each] of pieces) named.put(name, valueAt(each, n))
    return { eta: etaOf(named.values, []), drift: driftOf.map((scaleOf) => scaleOf(named.values, [])) }
  }
}
