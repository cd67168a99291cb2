import type { Cell } from './cell.ts'
import type { DataTable } from './data.ts'

/** What is asked of a cell, and no part of its identity: replaced by the newest submission of its sweep. Plain JSON. */
export interface Demand {
  /** Exactly one of the two is not null. */
  readonly trials: number | null
  readonly until: Until | null
  readonly record: RecordRule
  /** Extra horizons h < trial.steps at which the event probabilities are estimated as well, ascending. */
  readonly horizons: readonly number[]
  /** Steps of the burn-in that `escapeRate` leaves out, 1 .. trial.steps - 1; absent: none. */
  readonly rateAfter?: number
  readonly confidence: number
  /** alpha is divided by the number of cells. */
  readonly simultaneous: boolean
  readonly interval: 'clopper-pearson' | 'wilson' | 'jeffreys'
  /** Names as in results (`escape`, `exit:upper`, `settle:left`, `class:good`, `mark:m2`, `escapeStep`, ...); null = every probability that the events define. */
  readonly estimates: readonly string[] | null
}

/** The steps before the last at which a tally counts: those that results report, and the end of the burn-in. Ascending. */
export function talliedHorizons({
  horizons,
  rateAfter = 0,
}: Pick<Demand, 'horizons' | 'rateAfter'>): readonly number[] {
  if (rateAfter === 0 || horizons.includes(rateAfter)) return horizons
  return [...horizons, rateAfter].sort((a, b) => a - b)
}

/** none: tallies alone. events: rows of trials that escaped, converged or diverged. sample: a fixed hash of the index below the share. */
export type RecordRule =
  | { readonly kind: 'all' }
  | { readonly kind: 'events' }
  | { readonly kind: 'none' }
  | { readonly kind: 'sample'; readonly share: number }

/** Stop rules; the first met at a check point ends the cell. */
export interface Until {
  readonly rules: readonly StopRule[]
  readonly confidence: number
  readonly min: number
  readonly max: number
}
export type StopRule =
  /** (high - low) / 2 <= relative * value. */
  | { readonly kind: 'relative'; readonly estimate: string; readonly relative: number }
  | { readonly kind: 'halfWidth'; readonly estimate: string; readonly halfWidth: number }
  /** Ends at the exact index of the k-th event. */
  | { readonly kind: 'events'; readonly estimate: string; readonly events: number }

/** Where a cell stands in its sweep. */
export interface ResolvedCell {
  readonly index: number
  readonly id: string
  /** Values of the swept paths, in axis order. */
  readonly params: Readonly<Record<string, unknown>>
  readonly cell: Cell
  /** What the landscape's data reference stands for, one object for all cells that share it; null without data. */
  readonly data: DataTable | null
  /** Canonical JSON text of `cell`. */
  readonly canonical: string
}

/** A resolved sweep: cells are made when asked for, so a sweep of 10^6 cells costs no memory before. */
export interface Sweep {
  readonly name: string
  readonly seed: string
  readonly tags: Readonly<Record<string, string>>
  /** -10 .. 10. */
  readonly priority: number
  /** Swept paths in order. */
  readonly axes: readonly string[]
  readonly cellCount: number
  readonly demand: Demand
  /** Upper bound of trials over all cells. */
  readonly maxTrials: bigint
  cell(index: number): ResolvedCell
  cells(): Iterable<ResolvedCell>
  /** Hash of the set of cell ids (32 hex digits). Walks all cells once. */
  id(): string
}
