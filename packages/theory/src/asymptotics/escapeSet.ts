import { freeNames, parseCondition } from '@driftfarm/formula'
import { type Cell, isOfTrial, type Tables } from '@driftfarm/spec'
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
    if (escape.modulo !== undefined)
      refuse('with `modulo: symmetry`, a trial that leaves its basin for a copy of its minimum has not escaped')
    if (escape.every > 1) refuse(`the basin is checked only every ${escape.every} steps`)
    return { isBasin: true, holds: (_: Float64Array) => false }
  }
  const exits = escape.kind === 'exits' ? escape.exits : []
  const every = exits.find((exit) => exit[2] !== undefined)?.[2]
  if (every !== undefined) refuse(`the escape is tested only every ${every} steps`)
  if (exits.some(([, when]) => [...freeNames(parseCondition(when)).names].some(isOfTrial)))
    refuse('the escape depends on the course of the trial, not only on theta')
  return { isBasin: false, holds: escapeTest(cell, tables, start) }
}
