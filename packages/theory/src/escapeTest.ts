import { exitFunction } from '@driftfarm/kernel'
import { type Cell, minimalTrial, type Tables } from '@driftfarm/spec'

/** Tests whether a trial at a given theta has escaped. Conditions measure the distance from `start`. */
export function escapeTest(cell: Cell, tables: Tables, start: Float64Array): (theta: Float64Array) => boolean {
  const { escape, divergence } = cell.trial
  const events = exitFunction({ ...cell, trial: { ...minimalTrial, escape, divergence } }, tables, start)
  return (theta) => events.at(theta).exit !== null
}
