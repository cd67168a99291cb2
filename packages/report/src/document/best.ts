import type { Estimate } from '@driftfarm/statistics'
import type { Integer } from './number.ts'
import type { SweepState } from './results.ts'

/** The cell of a sweep in which an estimate is largest or smallest. */
export interface BestData {
  readonly sweep: { readonly id: string; readonly name: string; readonly state: SweepState }
  readonly of: string
  readonly direction: 'max' | 'min'
  /** Cells that it was picked from. */
  readonly among: number
  readonly cell: {
    readonly index: number
    readonly id: string
    readonly params: Readonly<Record<string, unknown>>
    readonly trials: Integer
  }
  /** As in the results: right for a cell that was chosen beforehand. */
  readonly estimate: Estimate
  /** Right for all cells at once, and so for the one that was picked. */
  readonly simultaneous: Estimate
  /** Indices of the other cells that may be as good: their simultaneous intervals reach into that of the best. */
  readonly contenders: readonly number[]
}
