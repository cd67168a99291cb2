import { freeNames, parseCondition } from '@driftfarm/formula'
import type { Cell, Tables } from '@driftfarm/spec'
import { escapeTest } from '../escapeTest.ts'
import { refuse } from '../refusal.ts'

export type EscapeSet = ReturnType<typeof escapeSet>

/**
 * Returns the set of theta in which a trial of the cell has escaped. Refuses if there is no such set. Distances in the
 * escape condition are measured from `start`. If the set contains all points outside the start's basin of attraction
 * (`isBasin`), `holds` tests nothing and always returns false.
 */
export function escapeSet(cell: Cell, tables: Tables, start: Float64Array) {
  const { escape } = cell.trial
  if (escape === null) refuse('the cell has no escape event')
  if (escape.kind === 'basin') {
    if (escape.every > 1) refuse(`the basin is checked only every ${escape.every} steps`)
    return { isBasin: true, holds: (_: Float64Array) => false }
  }
  if (escape.kind === 'exits' && escape.exits.some(([, when]) => freeNames(parseCondition(when)).names.has('step')))
    refuse('the escape depends on the step, not only on theta')
  return { isBasin: false, holds: escapeTest(cell, tables, start) }
}
