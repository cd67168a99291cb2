import { type ExitFunction, exitFunction } from '@driftfarm/kernel'
import { type Cell, type DataTable, minimalTrial } from '@driftfarm/spec'

/** Tests whether a trial at a given theta has escaped. Conditions measure the distance from `start`. */
export function escapeTest(cell: Cell, data: DataTable | null, start: Float64Array): (theta: Float64Array) => boolean {
  const events = eventsOf(cell, data, start, { escape: cell.trial.escape })
  return (theta) => events.at(theta).exit !== null
}

/** Tests whether the condition of convergence holds at a given theta. Distances are measured from `start`. */
export function convergenceTest(
  cell: Cell,
  data: DataTable | null,
  start: Float64Array,
): (theta: Float64Array) => boolean {
  const events = eventsOf(cell, data, start, { converge: cell.trial.converge })
  return (theta) => events.at(theta).converges
}

function eventsOf(
  cell: Cell,
  data: DataTable | null,
  start: Float64Array,
  event: Partial<Cell['trial']>,
): ExitFunction {
  const { divergence } = cell.trial
  return exitFunction({ ...cell, trial: { ...minimalTrial, divergence, ...event } }, data, start)
}
