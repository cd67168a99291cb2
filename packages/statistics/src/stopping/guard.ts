import type { Tally } from '@driftfarm/kernel'
import type { Demand, StopRule, Until } from '@driftfarm/spec'
import { StatisticsError } from '../error.ts'
import { alphaOf } from '../interval/interval.ts'
import type { How } from './how.ts'

/** Which kind of interval is right for the trials at hand, and at which share of alpha. */
export type Guard = {
  readonly confidence: number
  /** 1 - confidence, divided by the cells where simultaneous; `divisor` is yet to be applied. */
  readonly alpha: number
  readonly divisor: number
  readonly simultaneous: number | null
} & (
  | { readonly kind: 'fixed'; readonly interval: Demand['interval'] }
  /** One of a known number of looks: the union bound. */
  | { readonly kind: 'look' }
  /** Any time: a confidence sequence. */
  | { readonly kind: 'anytime' }
  /** At the exact index of the k-th event of `estimate`; anything else then ended at no fixed number of trials. */
  | { readonly kind: 'event'; readonly estimate: string; readonly count: number }
  /** One `events` rule, ended by its minimum or maximum of trials: exact at full alpha for its own estimate. */
  | { readonly kind: 'bounded'; readonly estimate: string }
)

export type Asked = Pick<Demand, 'confidence' | 'simultaneous' | 'interval' | 'until'>

export function guardOf(asked: Asked, how: How, tally: Tally): Guard {
  const shared = share(asked.until?.confidence ?? asked.confidence, asked.simultaneous ? cellsOf(how) : null)
  switch (how.kind) {
    case 'fixed':
      return { ...shared, divisor: 1, kind: 'fixed', interval: asked.interval }
    case 'running':
    case 'extended':
      return { ...shared, divisor: 1, kind: 'anytime' }
    case 'stopped': {
      const rules = asked.until?.rules ?? (how.by === 'max' ? [] : [how.by])
      const byEvent = how.by !== 'max' && how.by.kind === 'events' && tally.trials > (asked.until?.min ?? 0)
      if (how.by !== 'max' && how.by.kind === 'events' && byEvent)
        return { ...shared, divisor: parts(rules), kind: 'event', estimate: how.by.estimate, count: how.by.events }
      return atCheckPoint(shared, rules, how.checkPoints)
    }
  }
}

/** The guard of a look at a check point, as `decide` needs it. */
export function guardOfLook(until: Until, checkPoints: number, cells: number | null): Guard {
  return atCheckPoint(share(until.confidence, cells), until.rules, checkPoints)
}

function atCheckPoint(shared: ReturnType<typeof share>, rules: readonly StopRule[], checkPoints: number): Guard {
  const [only] = rules
  if (rules.length === 1 && only?.kind === 'events')
    return { ...shared, divisor: 1, kind: 'bounded', estimate: only.estimate }
  return { ...shared, divisor: parts(rules) * checkPoints, kind: 'look' }
}

/**
 * A list that holds an `events` rule beside others can end an estimate in three ways, each with its own interval: at a
 * check point, at its own k-th event, at another's. A third of alpha each keeps the sum.
 */
function parts(rules: readonly StopRule[]): number {
  return rules.length > 1 && rules.some((rule) => rule.kind === 'events') ? 3 : 1
}

function share(confidence: number, cells: number | null) {
  return { confidence, alpha: alphaOf(confidence) / (cells ?? 1), simultaneous: cells }
}

function cellsOf(how: How): number {
  if (how.cells === undefined) throw new StatisticsError('CELLS', 'none given', 'pass `cells`')
  return how.cells
}
