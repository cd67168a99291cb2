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

/** What a record says, decoded: `record.ts` describes its bytes. */
export type OutcomeRecord = TrialRecord | WeightedRecord | ReplicaRecord

interface Course {
  readonly end: End
  readonly exit: string | null
  readonly settled: string | null
  readonly escapedAt: number | null
  readonly convergedAt: number | null
  readonly steps: number
  /**
   * True if a descent used all its steps; otherwise absent. If true, either the end point of the quench is unknown, or
   * it is unknown whether the trial left the basin of theta_0.
   */
  readonly unreached?: true
}

/** The outcome of a direct trial. */
export interface Outcome extends Course {
  readonly class: string | null
  readonly loss: number
  readonly distance: number
  /** For each mark, by name, the first step at which it was true; null if it never was. */
  readonly marks: Readonly<Record<string, number | null>>
}

export interface TrialRecord extends Outcome {
  readonly kind: 'trial'
}

/** A trial of a tilt. */
export interface WeightedRecord extends Course {
  readonly kind: 'weighted'
  /**
   * If the trial escaped: the density of the noise under the original distribution, divided by the density of the noise
   * under the mixture of original and tilted distribution. Otherwise 0.
   */
  readonly value: number
  /**
   * Logarithm of the density of the noise under the tilt, minus the logarithm of the density under the original
   * distribution.
   */
  readonly logRatio: number
}

/** A replica: one independent run of splitting. */
export interface ReplicaRecord {
  readonly kind: 'replica'
  readonly estimate: number
  readonly weight: number
  readonly levels: number
  /** Number of particles that escaped in the end, and number of particles that took each named exit. */
  readonly escaped: number
  readonly exits: Readonly<Record<string, number>>
  /** Steps of all particles. */
  readonly steps: number
}

export function layoutOf(cell: Cell): RecordLayout {
  if (cell.method.kind === 'splitting') return replicaLayout(cell)
  if (cell.method.kind === 'tilt')
    return { ...layoutOf({ ...particleCell(cell), method: { kind: 'direct' } }), valued: 'weights' }
  const { minima, classify, marks, steps } = cell.trial
  return Object.freeze({
    exits: exitsOf(cell),
    minima: minima.map(([name]) => name),
    classes: classify.map(([name]) => name),
    marks: marks.map(([name]) => name),
    bytes: recordBytes(marks.length),
    horizon: steps,
  })
}

/** Exits other than the unnamed one. */
export function namedExits({ exits }: Pick<RecordLayout, 'exits'>): readonly string[] {
  return exits.filter((name) => name !== '')
}

function replicaLayout(cell: Cell): RecordLayout {
  const exits = exitsOf(cell)
  const marks = namedExits({ exits })
  const none = { minima: [], classes: [] }
  return Object.freeze({
    exits,
    ...none,
    marks,
    bytes: recordBytes(marks.length),
    horizon: cell.trial.steps,
    valued: 'replicas',
  })
}

function exitsOf({ trial }: Cell): readonly string[] {
  if (trial.escape === null) return []
  return trial.escape.kind === 'exits' ? trial.escape.exits.map(([name]) => name) : ['']
}
