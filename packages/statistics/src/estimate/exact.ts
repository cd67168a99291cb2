import { betaBinomialSequence } from '../interval/betaBinomial.ts'
import { clopperPearsonAt } from '../interval/clopperPearson.ts'
import type { Interval } from '../interval/interval.ts'
import { memoized } from '../memoized.ts'
import { incompleteBeta } from '../special/beta.ts'
import type { IntervalGuard } from '../stopping/guard.ts'

/** True if the number of trials was fixed beforehand, or is one of a few check points fixed beforehand. */
export function isFixed({ kind }: IntervalGuard): boolean {
  return kind === 'fixed' || kind === 'look'
}

/** Limits with at least the stated coverage, even if another kind of interval was requested. */
export function exactLimits(k: number, n: number, alpha: number, guard: IntervalGuard): Interval {
  return isFixed(guard) ? clopperPearsonAt(k, n, alpha) : betaBinomialSequence(k, n, alpha)
}

interface Share {
  readonly k: number
  readonly n: number
  readonly alpha: number
  readonly guard: IntervalGuard
}

/** Whether the lower limit is at least p, for 0 < p < 1. If true for k events, it is true for all larger k. */
export function isAbove({ k, n, alpha, guard }: Share, p: number): boolean {
  if (k / n <= p) return false
  return isFixed(guard) ? tailOf(k, n, p) <= alpha / 2 : betaBinomialSequence(k, n, alpha).low >= p
}

/** P(K >= k), where K is the number of events in n trials, each with probability p. */
const tailOf = memoized((k, n, p) => incompleteBeta(p, k, n - k + 1))

export function isBelow({ k, n, alpha, guard }: Share, p: number): boolean {
  return isAbove({ k: n - k, n, alpha, guard }, 1 - p)
}
