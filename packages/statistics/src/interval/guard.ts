import type { Demand } from '@driftfarm/spec'
import { memoized } from '../memoized.ts'
import { incompleteBeta } from '../special/beta.ts'
import { clopperPearsonAt } from './fixedSize.ts'
import { alphaOf, type Interval } from './interval.ts'
import { betaBinomialSequence } from './sequence.ts'

/** The kind of interval that is valid for the counted trials, and the share of alpha that it may use. */
export interface IntervalGuard {
  readonly confidence: number
  /** 1 - confidence, divided by the number of cells if intervals are simultaneous. */
  readonly alpha: number
  /** The interval may use the share alpha / divisor. */
  readonly divisor: number
  readonly simultaneous: number | null
  /**
   *  - fixed: the number of trials was fixed beforehand.
   *  - look: the trials ended at one of a number of check points that was known beforehand. By the union bound, alpha
   *    is divided among the check points.
   *  - anytime: the interval must be valid at any number of trials, as a confidence sequence is.
   */
  readonly kind: 'fixed' | 'look' | 'anytime'
  /** The requested kind of interval, used if `kind` is `fixed`. */
  readonly interval: Demand['interval']
  /** The interval of the estimate on whose events a stopping rule ended the trials. */
  readonly own?: OwnInterval
}

export interface OwnInterval {
  readonly estimate: string
  /** Null if the rule does not end trials with k events, so that no own interval is valid. */
  readonly at: (k: number, n: number, alpha: number) => MadeInterval | null
}

export interface NamedInterval extends Interval {
  readonly method: string
}

export interface MadeInterval extends NamedInterval {
  readonly value: number
}

/** For a number of trials that was fixed beforehand. */
export const fixedGuard = (confidence: number): IntervalGuard => ({
  confidence,
  alpha: alphaOf(confidence),
  divisor: 1,
  simultaneous: null,
  kind: 'fixed',
  interval: 'clopper-pearson',
})

/** True if the number of trials was fixed beforehand, or is one of a few check points fixed beforehand. */
export function isFixed({ kind }: IntervalGuard): boolean {
  return kind !== 'anytime'
}

/** The part of alpha that one interval may use. */
export function alphaIn({ alpha, divisor }: IntervalGuard): number {
  return alpha / divisor
}

/** Limits with at least the stated coverage, even if another kind of interval was requested. */
export function exactLimits(k: number, n: number, alpha: number, guard: IntervalGuard): Interval {
  return isFixed(guard) ? clopperPearsonAt(k, n, alpha) : betaBinomialSequence(k, n, alpha)
}

/** Whether the lower limit of k events in n trials is at least p, for 0 < p < 1; then also for all larger k. */
export function isAbove(k: number, n: number, p: number, guard: IntervalGuard): boolean {
  if (k / n <= p) return false
  const alpha = alphaIn(guard)
  return isFixed(guard) ? tailOf(k, n, p) <= alpha / 2 : betaBinomialSequence(k, n, alpha).low >= p
}

/** P(K >= k), where K is the number of events in n trials, each with probability p. */
const tailOf = memoized((k, n, p) => incompleteBeta(p, k, n - k + 1))

export function isBelow(k: number, n: number, p: number, guard: IntervalGuard): boolean {
  return isAbove(n - k, n, 1 - p, guard)
}
