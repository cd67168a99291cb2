import type { Check, Finding } from '@driftfarm/statistics'
import type { Envelope } from './envelope.ts'

export type PlanDocument = Envelope<'Plan', PlanData>

export interface PlanData {
  readonly sweep: { readonly id: string; readonly name: string; readonly seed: string }
  readonly cells: number
  /** Over all cells, decimal; with stop rules the most there can be. */
  readonly trials: string
  readonly upperBound: boolean
  /** Null without a pilot. */
  readonly batches: number | null
  /** Estimate of the thread time still to be spent; null without a pilot. */
  readonly cpuSeconds: number | null
  /** What was computed to tell times and methods; nothing of it is stored. Null: --no-pilot. */
  readonly pilot: PilotData | null
  /** Trials that are stored already, decimal, and their share of `trials`. */
  readonly done: { readonly trials: string; readonly share: number }
  /** The first cells, with the reason why each would run or not. */
  readonly perCell: readonly PlannedCell[]
  /** Where two of width, confidence and trials were given: the third. */
  readonly sizing?: SizingData
  /** Of a pilot run of the first and the last cell: which method answers them for the least computing. */
  readonly recommended?: readonly Recommended[]
  /** What can be said of cells without a trial: of the first, the last, and some between. */
  readonly checks: readonly PlannedChecks[]
  /** What they say beside what is good: each once, worst first. */
  readonly findings: readonly Finding[]
}

export interface PlannedChecks {
  readonly index: number
  readonly checks: readonly Check[]
}

export interface PilotData {
  /** Indices of the cells whose trials were computed. */
  readonly cells: readonly number[]
  /** Trials and replicas, many of them cut short. */
  readonly trials: number
  readonly cpuSeconds: number
}

export interface Recommended {
  readonly cell: number
  readonly method: 'direct' | 'splitting'
  /** Of escape, roughly; null: no trial of the pilot escaped. */
  readonly probability: number | null
  /** Thread time for a relative error of 10 %; null: not to be told. */
  readonly seconds: { readonly direct: number | null; readonly splitting: number | null }
  readonly reason: string
}

export interface SizingData {
  /** The probability that it is about. */
  readonly estimate: string
  readonly sought: 'width' | 'confidence' | 'trials'
  /** The first cells. */
  readonly cells: readonly CellSizing[]
}

/** Of a fixed number of trials, by the exact interval of the expected count; null where it cannot be done or nothing is known of the probability. */
export interface CellSizing {
  readonly index: number
  readonly probability: number
  /** given by the user, of the trials that are stored, or 1/2, the widest. */
  readonly from: 'given' | 'stored' | 'worst'
  readonly trials: number | null
  readonly confidence: number | null
  /** high - low. */
  readonly width: number | null
  /** (high - low) / 2 over the probability; null where that is 0. */
  readonly relative: number | null
}

export interface PlannedCell {
  readonly index: number
  readonly id: string
  readonly params: Readonly<Record<string, unknown>>
  readonly trials: number
  readonly done: number
  readonly reason: string
}
