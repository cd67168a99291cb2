import type { Envelope } from './envelope.ts'

export type PlanDocument = Envelope<'Plan', PlanData>

export interface PlanData {
  readonly sweep: { readonly id: string; readonly name: string; readonly seed: string }
  readonly cells: number
  /** Over all cells, decimal; with stop rules the most there can be. */
  readonly trials: string
  readonly upperBound: boolean
  readonly batches: number
  /** Estimate of the thread time still to be spent. */
  readonly cpuSeconds: number
  /** Trials that are stored already, decimal, and their share of `trials`. */
  readonly done: { readonly trials: string; readonly share: number }
  /** The first cells, with the reason why each would run or not. */
  readonly perCell: readonly PlannedCell[]
}

export interface PlannedCell {
  readonly index: number
  readonly id: string
  readonly params: Readonly<Record<string, unknown>>
  readonly trials: number
  readonly done: number
  readonly reason: string
}
