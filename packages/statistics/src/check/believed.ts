import { quotient, type Tally } from '@driftfarm/kernel'
import { type EstimateKind, kindNamed } from '@driftfarm/spec'
import type { Estimate } from '../estimate/estimate.ts'

/** What the trials of a cell came to. */
export interface Found {
  /**
   * `unreached`: trials with a descent that ran out of its steps; tallies that were stored before it was counted lack
   * it.
   */
  readonly tally: Tally & { readonly unreached?: number }
  readonly estimates: Readonly<Record<string, Estimate>>
}

/** Of which the checks are where `escape` was not asked for. Divergence and staying are what is left of others. */
const mains: readonly EstimateKind[] = ['converge', 'exit', 'settle', 'class', 'mark']

/**
 * The estimate that the checks are about: escape, or the first probability that was asked for; null where there is
 * none.
 */
export function mainOf(estimates: Found['estimates']): readonly [name: string, estimate: Estimate] | null {
  if (estimates.escape !== undefined) return ['escape', estimates.escape]
  return Object.entries(estimates).find(([name]) => mains.includes(kindNamed(name)!)) ?? null
}

/** The share of trials that escape, by whatever method it was found, and whether or not it was asked for. */
export function escapeShare({ tally, estimates }: Found): number {
  if (estimates.escape !== undefined) return estimates.escape.value
  if (tally.values === undefined) return tally.escaped / tally.trials
  return Math.min(1, quotient(tally.values.all.sum, BigInt(tally.trials) << 1074n))
}
