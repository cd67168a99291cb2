import type { Cell, Method } from './cell.ts'
import type { DataTable } from './data.ts'
import { valuesTell } from './estimate/name.ts'

/** What is asked of a cell, and no part of its identity: replaced by the newest submission of its sweep. Plain JSON. */
export interface Demand {
  /** Exactly one of the two is not null. */
  readonly trials: number | null
  readonly until: Until | null
  /** Trials of the cells that split, where others do not; absent: as `trials` says. See `demandOf`. */
  readonly replicas?: number
  readonly record: RecordRule
  /** Extra horizons h < trial.steps at which the event probabilities are estimated as well, ascending. */
  readonly horizons: readonly number[]
  /** Steps of the burn-in that `escapeRate` leaves out, 1 .. trial.steps - 1; absent: none. */
  readonly rateAfter?: number
  readonly confidence: number
  /** alpha is divided by the number of cells. */
  readonly simultaneous: boolean
  readonly interval: 'clopper-pearson' | 'wilson' | 'jeffreys'
  /**
   * Names as in results (`escape`, `exit:upper`, `settle:left`, `class:good`, `mark:m2`, `escapeStep`, ...); null =
   * every probability that the events define.
   */
  readonly estimates: readonly string[] | null
  readonly contrasts: readonly Contrast[]
}

/** A probability compared between each two cells that have the two values at a path and agree in all other params. */
export interface Contrast {
  /** The probability, named as in results. */
  readonly of: string
  /** First value against the second: p1 - p2, or p1 / p2. */
  readonly kind: 'difference' | 'ratio'
  /** The axis that differs, as typed. */
  readonly path: string
  /** Two of its values, as the axis has them. */
  readonly between: readonly [unknown, unknown]
  /** Paths zipped with it: they go along, and need not agree. */
  readonly along: readonly string[]
}

/** What is asked of a cell of this method: values have probabilities of escape alone, and replicas their own number. */
export function demandOf(demand: Demand, method: Method['kind']): Demand {
  if (method === 'direct') return demand
  const { rateAfter: _, ...rest } = demand
  const estimates = demand.estimates?.filter(valuesTell) ?? null
  const valued = { ...rest, estimates, horizons: [], contrasts: [] }
  return method === 'tilt' ? valued : { ...valued, trials: demand.replicas ?? demand.trials, until: null }
}

/**
 * The steps before the last at which a tally counts: those that results report, and the end of the burn-in. Ascending.
 */
export function talliedHorizons({
  horizons,
  rateAfter = 0,
}: Pick<Demand, 'horizons' | 'rateAfter'>): readonly number[] {
  if (rateAfter === 0 || horizons.includes(rateAfter)) return horizons
  return [...horizons, rateAfter].sort((a, b) => a - b)
}

/**
 * none: tallies alone. events: rows of trials that escaped, converged or diverged. sample: a fixed hash of the index
 * below the share.
 */
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
  /** Trials over all cells of the sweep, spent where the need is greatest; absent: as many as the rules take. */
  readonly budget?: number
}
export type StopRule =
  /** (high - low) / 2 <= relative * value. */
  | { readonly kind: 'relative'; readonly estimate: string; readonly relative: number }
  | { readonly kind: 'halfWidth'; readonly estimate: string; readonly halfWidth: number }
  /** Ends at the exact index of the k-th event. */
  | { readonly kind: 'events'; readonly estimate: string; readonly events: number }
  /**
   * Ends at the exact index of so many-th an event that the relative error is at most `relative` with the asked
   * confidence, whatever p is.
   */
  | { readonly kind: 'gbas'; readonly estimate: string; readonly relative: number }
  /**
   * Ends when it is known on which side of `above` the probability lies; within `indifference` of it (a share) either
   * answer is right.
   */
  | { readonly kind: 'above'; readonly estimate: string; readonly above: number; readonly indifference: number }

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
