import type { Cell } from '@driftfarm/spec'
import { particleCell } from '../model/cell.ts'
import { recordBytes } from './recordFields.ts'

export type End = 'escaped' | 'converged' | 'diverged' | 'undecided'
export const ends: readonly End[] = ['escaped', 'converged', 'diverged', 'undecided']

/** The byte layout of the outcome records of a cell. */
export interface RecordLayout {
  /** Exit names in order; [''] for one unnamed exit, [] without an escape event. */
  readonly exits: readonly string[]
  readonly minima: readonly string[]
  readonly classes: readonly string[]
  readonly marks: readonly string[]
  /** Bytes of a record: 48 + 8 for each mark. */
  readonly bytes: number
  /** `trial.steps` of the cell. */
  readonly horizon: number
  /**
   * `replicas`: each record has the estimate of a replica of splitting. `weights`: each record has the weight of a
   * trial of a tilt. Absent for direct trials.
   */
  readonly valued?: 'replicas' | 'weights'
}

export function layoutOf(cell: Cell): RecordLayout {
  const { kind } = cell.method
  const { minima, classify, marks, steps } = particleCell(cell).trial
  const exits = exitsOf(cell)
  // For each named exit, a replica has a mark with the number of particles that took it.
  const marked = kind === 'splitting' ? namedExits({ exits }) : marks.map(([name]) => name)
  return Object.freeze({
    exits,
    minima: minima.map(([name]) => name),
    classes: classify.map(([name]) => name),
    marks: marked,
    bytes: recordBytes(marked.length),
    horizon: steps,
    ...(kind === 'splitting' && { valued: 'replicas' }),
    ...(kind === 'tilt' && { valued: 'weights' }),
  })
}

/** Exits other than the unnamed one. */
export function namedExits({ exits }: Pick<RecordLayout, 'exits'>): readonly string[] {
  return exits.filter((name) => name !== '')
}

function exitsOf({ trial }: Cell): readonly string[] {
  if (trial.escape === null) return []
  return trial.escape.kind === 'exits' ? trial.escape.exits.map(([name]) => name) : ['']
}
