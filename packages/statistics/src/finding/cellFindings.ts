import { quotient, type Tally } from '@driftfarm/kernel'
import { type EstimateKind, kindNamed } from '@driftfarm/spec'
import type { Estimate } from '../evidence/estimate.ts'
import type { Statement } from './check.ts'
import type { PremisePart, Premises } from './premises.ts'

export interface CellFindings {
  /** `unreached` is the number of trials in which a descent ran out of steps. Earlier versions did not store it. */
  readonly tally: Tally & { readonly unreached?: number }
  readonly estimates: Readonly<Record<string, Estimate>>
}

export interface CheckedCell extends CellFindings {
  /** The name of the rule that ended the cell; null while trials are pending. */
  readonly ended: string | null
  /** The horizon, `trial.steps`. */
  readonly horizon: number
  /** Null if no premises are stored. If `premises` is undefined, checks that need them are skipped. */
  readonly premises?: Premises | null
  /**
   * What counts as an escape. Required if the cell has neither drift nor batches, because its trials are then also the
   * control run.
   */
  readonly escape?: EscapeKind
  /** Whether the sweep also has cells that estimate escapes by splitting. */
  readonly isSplitToo?: boolean
}

/** What a cell counts as an escape; null without an escape event, or if the event is unknown. */
export type EscapeKind = 'exits' | 'outside' | 'basin' | null

/** What the checks of premises may also use. */
export interface PremiseContext {
  readonly escape: EscapeKind
  /** Whether the cell has an escape event. */
  readonly measuresEscape: boolean
  /** The results of the trials; null before any trial. */
  readonly found: CellFindings | null
  /** The horizon, `trial.steps`. */
  readonly horizon: number
}

/** The estimate that the checks examine. */
export type MainEstimate = readonly [name: string, estimate: Estimate]

export type Statements = Statement | null | readonly (Statement | null)[]

/** What one of `checkNames` says about a cell; null where it has nothing to say. */
export interface CheckEntry {
  /** The parts of the premises that the check examines. */
  readonly parts?: readonly PremisePart[]
  readonly ofPremises?: (premises: Premises, context: PremiseContext) => Statements
  /** `main` is null if the request has no estimate that checks can examine. */
  readonly ofTrials?: (cell: CheckedCell, main: MainEstimate | null) => Statements
  /** Whether hints propose more trials. If another verdict is `wrong`, such hints are removed. */
  readonly proposesTrials?: true
}

/**
 * Kinds of the estimates that can be the main estimate of a cell without `escape`. `diverge` and `stay` are not among
 * them, because they are the outcomes that remain if a trial neither escapes nor converges.
 */
const mains: readonly EstimateKind[] = ['converge', 'exit', 'settle', 'class', 'mark']

/** Returns `escape` if it was requested, otherwise the first estimate of a kind in `mains`; null if there is none. */
export function mainEstimateOf(estimates: CellFindings['estimates']): MainEstimate | null {
  if (estimates.escape !== undefined) return ['escape', estimates.escape]
  return Object.entries(estimates).find(([name]) => mains.includes(kindNamed(name)!)) ?? null
}

/** The probability of escape, for every method and even if it was not requested. */
export function escapeShare({ tally, estimates }: CellFindings): number {
  if (estimates.escape !== undefined) return estimates.escape.value
  if (tally.values === undefined) return tally.escaped / tally.trials
  return Math.min(1, quotient(tally.values.all.sum, BigInt(tally.trials) << 1074n))
}

/**
 * Sorts the entries by length of name, then alphabetically. Earlier versions of Drift Farm stored premises as jsonb,
 * which sorts names in this way; the present type, json, does not sort them. Sorting makes the texts independent of the
 * version that stored the premises.
 */
export function entriesOf<T>(record: Readonly<Record<string, T>>): [name: string, value: T][] {
  return Object.entries(record).sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
}
