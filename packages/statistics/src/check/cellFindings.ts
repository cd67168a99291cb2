import { quotient, type Tally } from '@driftfarm/kernel'
import { type EstimateKind, kindNamed } from '@driftfarm/spec'
import type { Estimate } from '../estimate/estimate.ts'

/** The results of the trials of a cell. */
export interface CellFindings {
  /**
   * `unreached` counts trials with a descent that ran out of steps. Tallies stored by earlier versions lack this count.
   */
  readonly tally: Tally & { readonly unreached?: number }
  readonly estimates: Readonly<Record<string, Estimate>>
}

/**
 * Kinds of estimate that the checks examine if `escape` was not requested. Divergence and staying are excluded: they
 * are the outcomes that are left if none of these events happens.
 */
const mains: readonly EstimateKind[] = ['converge', 'exit', 'settle', 'class', 'mark']

/**
 * The estimate that the checks examine: `escape`, or else the first other probability that was requested. Null if
 * neither exists.
 */
export function mainEstimateOf(
  estimates: CellFindings['estimates'],
): readonly [name: string, estimate: Estimate] | null {
  if (estimates.escape !== undefined) return ['escape', estimates.escape]
  return Object.entries(estimates).find(([name]) => mains.includes(kindNamed(name)!)) ?? null
}

/**
 * Returns a cell's probability of escape, 0 .. 1. Works for every method, even if this probability was not requested.
 */
export function escapeShare({ tally, estimates }: CellFindings): number {
  if (estimates.escape !== undefined) return estimates.escape.value
  if (tally.values === undefined) return tally.escaped / tally.trials
  return Math.min(1, quotient(tally.values.all.sum, BigInt(tally.trials) << 1074n))
}
