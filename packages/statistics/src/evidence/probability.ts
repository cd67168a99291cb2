import { clopperPearsonAt, jeffreysAt, wilsonAt } from '../interval/fixedSize.ts'
import { alphaIn, type IntervalGuard, type MadeInterval, type NamedInterval } from '../interval/guard.ts'
import { betaBinomialSequence } from '../interval/sequence.ts'
import type { Estimate } from './estimate.ts'

const fixed = { 'clopper-pearson': clopperPearsonAt, wilson: wilsonAt, jeffreys: jeffreysAt }

export interface Counted {
  /** Name of the estimate. If `guard.own` belongs to it, a stopping rule on `events` may have ended the trials. */
  readonly of: string
  readonly events: number
  /** At least 1. */
  readonly trials: number
  readonly guard: IntervalGuard
  /** Number of trials that are counted as trials without the event, although they may have had it. */
  readonly without?: number
  /** Number of trials that are counted as trials with the event, although they may not have had it. */
  readonly within?: number
}

/**
 * If trials are undecided, the lower limit is computed for the smallest possible number of events, and the upper limit
 * for the largest.
 */
export function probability({ of: name, events: k, trials: n, guard, without = 0, within = 0 }: Counted): Estimate {
  const { value, method, ...known } = made(name, k, n, guard)
  const low = within === 0 ? known.low : made(name, Math.max(0, k - within), n, guard).low
  const high = without === 0 ? known.high : made(name, Math.min(n, k + without), n, guard).high
  const { confidence, simultaneous } = guard
  const whole = methodOf(method, guard)
  // An object spread would take as long as everything else that is computed for a cell.
  return simultaneous === null
    ? { value, low, high, confidence, method: whole, events: k }
    : { value, low, high, confidence, method: whole, simultaneous, events: k }
}

export function limits(name: string, k: number, n: number, guard: IntervalGuard): NamedInterval {
  const { low, high, method } = made(name, k, n, guard)
  return { low, high, method: methodOf(method, guard) }
}

function made(name: string, k: number, n: number, guard: IntervalGuard): MadeInterval {
  const { own, kind } = guard
  const alpha = alphaIn(guard)
  const byRule = own?.estimate === name ? own.at(k, n, alpha) : null
  if (byRule !== null) return byRule
  const method = kind === 'anytime' ? 'beta-binomial' : kind === 'fixed' ? guard.interval : 'clopper-pearson'
  const { low, high } = method === 'beta-binomial' ? betaBinomialSequence(k, n, alpha) : fixed[method](k, n, alpha)
  return { value: k / n, low, high, method }
}

export function described(method: string, guard: IntervalGuard) {
  const { confidence, simultaneous } = guard
  const whole = methodOf(method, guard)
  return simultaneous === null ? { confidence, method: whole } : { confidence, method: whole, simultaneous }
}

function methodOf(name: string, { divisor }: IntervalGuard): string {
  return divisor === 1 ? name : `${name}/${divisor}`
}
