import { quotient, type Tally } from '@driftfarm/kernel'
import { type EstimateKind, kindNamed } from '@driftfarm/spec'
import type { Estimate } from '../estimate/estimate.ts'

export interface CellFindings {
  /** `unreached` is the number of trials in which a descent ran out of steps. Earlier versions did not store it. */
  readonly tally: Tally & { readonly unreached?: number }
  readonly estimates: Readonly<Record<string, Estimate>>
}

/**
 * Kinds of the estimates that can be the main estimate of a cell without `escape`. `diverge` and `stay` are not among
 * them, because they are the outcomes that remain if a trial neither escapes nor converges.
 */
const mains: readonly EstimateKind[] = ['converge', 'exit', 'settle', 'class', 'mark']

/** Returns `escape` if it was requested, otherwise the first estimate of a kind in `mains`; null if there is none. */
export function mainEstimateOf(
  estimates: CellFindings['estimates'],
): readonly [name: string, estimate: Estimate] | null {
  if (estimates.escape !== undefined) return ['escape', estimates.escape]
  return Object.entries(estimates).find(([name]) => mains.includes(kindNamed(name)!)) ?? null
}

/** The probability of escape, for every method and even if it was not requested. */
export function escapeShare({ tally, estimates }: CellFindings): number {
  if (estimates.escape !== undefined) return estimates.escape.value
  if (tally.values === undefined) return tally.escaped / tally.trials
  return Math.min(1, quotient(tally.values.all.sum, BigInt(tally.trials) << 1074n))
}
