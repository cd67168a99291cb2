import { betaBinomialSequence } from '../interval/betaBinomial.ts'
import { clopperPearsonAt } from '../interval/clopperPearson.ts'
import type { Interval } from '../interval/interval.ts'
import { inverseBinomialAt } from '../interval/inverseBinomial.ts'
import { jeffreysAt } from '../interval/jeffreys.ts'
import { wilsonAt } from '../interval/wilson.ts'
import { gbasAt, gbasEnded, gbasTime } from '../stopping/gbas.ts'
import type { IntervalGuard } from '../stopping/guard.ts'
import type { Estimate } from './estimate.ts'

const fixed = { 'clopper-pearson': clopperPearsonAt, wilson: wilsonAt, jeffreys: jeffreysAt }

export interface Counted {
  /** Name of the estimate. If `guard.estimate` is this name, a stopping rule on `events` may have ended the trials. */
  readonly of: string
  readonly events: number
  /** At least 1. */
  readonly trials: number
  readonly guard: IntervalGuard
  readonly undecided?: Undecided
}

/**
 * If trials are undecided, the lower limit is computed for the smallest possible number of events, and the upper limit
 * for the largest.
 */
export function probability({
  of: name,
  events: k,
  trials: n,
  guard,
  undecided: { without, within } = noneUndecided,
}: Counted): Estimate {
  const known = limits(name, k, n, guard)
  const low = within === 0 ? known.low : limits(name, Math.max(0, k - within), n, guard).low
  const high = without === 0 ? known.high : limits(name, Math.min(n, k + without), n, guard).high
  const { confidence, method, simultaneous } = known
  const value = valueOf(name, k, n, guard)
  return simultaneous === undefined
    ? { value, low, high, confidence, method, events: k }
    : { value, low, high, confidence, method, simultaneous, events: k }
}

/** Numbers of trials for which it is unknown whether they had the event. */
export interface Undecided {
  /** Undecided trials that the tally counts as trials without the event. */
  readonly without: number
  /** Undecided trials that the tally counts as trials with the event. */
  readonly within: number
}

export const noneUndecided: Undecided = { without: 0, within: 0 }

function valueOf(name: string, k: number, n: number, guard: IntervalGuard): number {
  if (guard.kind === 'gbas' && isOwn(guard, name, k)) return gbasOf(n, guard).value
  return guard.kind === 'event' && isOwn(guard, name, k) && n > 1 ? (k - 1) / (n - 1) : k / n
}

type Limits = Interval & Pick<Estimate, 'confidence' | 'method' | 'simultaneous'>

export function limits(name: string, k: number, n: number, guard: IntervalGuard): Limits {
  const alpha = guard.alpha / guard.divisor
  switch (guard.kind) {
    case 'fixed':
      return by(guard.interval, fixed[guard.interval](k, n, alpha), guard)
    case 'look':
      return by('clopper-pearson', clopperPearsonAt(k, n, alpha), guard)
    case 'event':
      if (isOwn(guard, name, k)) return by('inverse-binomial', inverseBinomialAt(k, n, alpha), guard)
      break
    case 'gbas':
      if (isOwn(guard, name, k)) {
        return by('gbas', gbasOf(n, guard), guard)
      }
      break
    case 'bounded': {
      if (guard.estimate !== name) break
      const { low, high } = clopperPearsonAt(k, n, alpha)
      if (guard.by === 'events') return by('clopper-pearson', { low, high }, guard)
      return by('gbas-bounded', { low, high: gbasEnded(k, n, alpha) }, guard)
    }
    case 'anytime':
      break
  }
  return by('beta-binomial', betaBinomialSequence(k, n, alpha), guard)
}

/** An object spread, here or in `described`, would take as long as everything else that is computed for a cell. */
function by(name: string, { low, high }: Interval, { confidence, divisor, simultaneous }: IntervalGuard): Limits {
  const method = methodOf(name, divisor)
  return simultaneous === null ? { low, high, confidence, method } : { low, high, confidence, method, simultaneous }
}

function isOwn(guard: Extract<IntervalGuard, { count: number }>, name: string, k: number): boolean {
  return guard.estimate === name && guard.count === k
}

function gbasOf(n: number, guard: Extract<IntervalGuard, { kind: 'gbas' }>) {
  const { cell, estimate, count, most } = guard
  return gbasAt(gbasTime(n, { cell, estimate, events: count }), count, most, guard.alpha / guard.divisor)
}

export function described(
  method: string,
  { confidence, divisor, simultaneous }: IntervalGuard,
): Pick<Estimate, 'confidence' | 'method' | 'simultaneous'> {
  const whole = methodOf(method, divisor)
  return simultaneous === null ? { confidence, method: whole } : { confidence, method: whole, simultaneous }
}

function methodOf(name: string, divisor: number): string {
  return divisor === 1 ? name : `${name}/${divisor}`
}
