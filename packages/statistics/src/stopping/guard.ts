import type { Tally } from '@driftfarm/kernel'
import type { Demand, Until } from '@driftfarm/spec'
import { StatisticsError } from '../error.ts'
import { alphaOf } from '../interval/interval.ts'
import { isEventRule, parts, ruleEvents } from './ruleEvents.ts'
import type { SampleSizeChoice } from './sampleSizeChoice.ts'

/** The kind of interval that is valid for the counted trials, and the share of alpha that it may use. */
export type IntervalGuard = {
  readonly confidence: number
  /** 1 - confidence, divided by the number of cells if intervals are simultaneous. */
  readonly alpha: number
  /** The interval may use the share alpha / divisor. */
  readonly divisor: number
  readonly simultaneous: number | null
} & (
  | { readonly kind: 'fixed'; readonly interval: Demand['interval'] }
  /**
   * An interval at a check point; the number of check points is known beforehand. By the union bound, alpha is divided
   * among the check points.
   */
  | { readonly kind: 'look' }
  /** A confidence sequence, valid at any number of trials. */
  | { readonly kind: 'anytime' }
  /**
   * The trials ended with the k-th event (k is `count`) of `estimate`. Other estimates need an interval that is valid
   * at any number of trials.
   */
  | { readonly kind: 'event'; readonly estimate: string; readonly count: number }
  /** Like 'event', but the rule has `method: gbas`. `most` is the maximum number of trials. */
  | {
      readonly kind: 'gbas'
      readonly estimate: string
      readonly count: number
      readonly cell: string
      readonly most: number
    }
  /**
   * The only rule is an event rule, but the minimum or maximum number of trials ended the cell. The interval of the
   * rule's own estimate is exact and may use all of alpha.
   */
  | { readonly kind: 'bounded'; readonly by: 'events' | 'gbas'; readonly estimate: string }
)

export type IntervalRequest = Pick<Demand, 'confidence' | 'simultaneous' | 'interval' | 'until'>

export function guardOf(requested: IntervalRequest, choice: SampleSizeChoice, tally: Tally): IntervalGuard {
  const shared = share(
    requested.until?.confidence ?? requested.confidence,
    requested.simultaneous ? cellsOf(choice) : null,
  )
  switch (choice.kind) {
    case 'fixed':
      // An object spread is slow, and most sweeps need this object for every cell.
      return {
        confidence: shared.confidence,
        alpha: shared.alpha,
        simultaneous: shared.simultaneous,
        divisor: 1,
        kind: 'fixed',
        interval: requested.interval,
      }
    case 'running':
    case 'extended':
      return { ...shared, divisor: 1, kind: 'anytime' }
    case 'stopped': {
      const { by } = choice
      const until = requested.until ?? { rules: typeof by === 'string' ? [] : [by], min: 0, max: tally.trials }
      if (typeof by === 'string' || !isEventRule(by) || (by.kind === 'events' && tally.trials <= until.min))
        return atCheckPoint(shared, until, choice.checkPoints)
      const { estimate } = by
      const count = ruleEvents(by, { confidence: shared.confidence, ...until }, shared.simultaneous)
      const rest = { ...shared, divisor: parts(until), estimate, count }
      return by.kind === 'events'
        ? { ...rest, kind: 'event' }
        : { ...rest, kind: 'gbas', cell: cellOf(choice), most: until.max }
    }
  }
}

export interface CheckPointContext {
  /** The number of cells if intervals are simultaneous; else null, the default. */
  readonly cells?: number | null
  readonly trial?: SampleSizeChoice['trial']
  /** Whether the rule was chosen when results of the cell could be seen; default false. */
  readonly extended?: boolean
}

export function guardAtCheckPoint(
  until: Until,
  checkPoints: number,
  { cells = null, extended = false }: CheckPointContext,
): IntervalGuard {
  const shared = share(until.confidence, cells)
  return extended ? { ...shared, divisor: 1, kind: 'anytime' } : atCheckPoint(shared, until, checkPoints)
}

function atCheckPoint(
  shared: ReturnType<typeof share>,
  until: Pick<Until, 'rules' | 'budget'>,
  checkPoints: number,
): IntervalGuard {
  const [only] = until.rules
  if (only !== undefined && isEventRule(only) && parts(until) === 1)
    return { ...shared, divisor: 1, kind: 'bounded', by: only.kind, estimate: only.estimate }
  return { ...shared, divisor: parts(until) * checkPoints, kind: 'look' }
}

function share(confidence: number, cells: number | null) {
  return { confidence, alpha: alphaOf(confidence) / (cells ?? 1), simultaneous: cells }
}

function cellsOf(choice: SampleSizeChoice): number {
  if (choice.cells === undefined) throw new StatisticsError('CELLS', 'none given', 'pass `cells`')
  return choice.cells
}

function cellOf(choice: SampleSizeChoice): string {
  if (choice.cell === undefined) throw new StatisticsError('CELL', 'none given', 'pass `cell`')
  return choice.cell
}
