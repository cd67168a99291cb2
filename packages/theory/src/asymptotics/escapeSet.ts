import { freeNames, parseCondition } from '@driftfarm/formula'
import type { Cell, DataTable } from '@driftfarm/spec'
import { escapeTest } from '../eventTests.ts'
import { refuse } from '../refusal.ts'

export interface EscapeSet {
  /**
   * 'basin': all points outside the start's basin of attraction. For this kind, `holds` tests nothing and always
   * returns false.
   */
  readonly kind: 'set' | 'basin'
  holds(theta: Float64Array): boolean
}

/**
 * Returns the set of theta in which a trial of the cell has escaped. Refuses if there is no such set. Distances in the
 * escape condition are measured from `start`.
 */
export function escapeSet(cell: Cell, data: DataTable | null, start: Float64Array): EscapeSet {
  const { escape } = cell.trial
  if (escape === null) refuse('the cell has no escape event')
  if (escape.kind === 'basin') {
    if (escape.every > 1) refuse(`the basin is checked only every ${escape.every} steps`)
    return { kind: 'basin', holds: () => false }
  }
  if (escape.kind === 'exits' && escape.exits.some(([, when]) => freeNames(parseCondition(when)).names.has('step')))
    refuse('the escape depends on the step, not only on theta')
  return { kind: 'set', holds: escapeTest(cell, data, start) }
}
