import { freeNames, parseCondition } from '@driftfarm/formula'
import { exitFunction } from '@driftfarm/kernel'
import { type Cell, type DataTable, minimalTrial } from '@driftfarm/spec'
import type { NotApplicable } from '../chain.ts'

export interface EscapeSet {
  /**
   * 'basin': all points outside the start's basin of attraction. For this kind, `holds` tests nothing and always
   * returns false.
   */
  readonly kind: 'set' | 'basin'
  holds(theta: Float64Array): boolean
}

/**
 * Returns the set of theta in which a trial of the cell has escaped, or the reason why there is no such set. Distances
 * in the escape condition are measured from `start`.
 */
export function escapeSet(cell: Cell, data: DataTable | null, start: Float64Array): EscapeSet | NotApplicable {
  const { escape, divergence } = cell.trial
  if (escape === null) return { reason: 'the cell has no escape event' }
  if (escape.kind === 'basin') {
    if (escape.every > 1) return { reason: `the basin is checked only every ${escape.every} steps` }
    return { kind: 'basin', holds: () => false }
  }
  if (escape.kind === 'exits' && escape.exits.some(([, when]) => freeNames(parseCondition(when)).names.has('step')))
    return { reason: 'the escape depends on the step, not only on theta' }
  const events = exitFunction({ ...cell, trial: { ...minimalTrial, divergence, escape } }, data, start)
  return { kind: 'set', holds: (theta) => events.at(theta).exit !== null }
}
