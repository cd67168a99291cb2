import type { RecordLayout, Tally } from '@driftfarm/kernel'
import type { StopRule, Until } from '@driftfarm/spec'
import { StatisticsError } from '../error.ts'
import { countOf } from '../estimate/count.ts'
import { estimateOf } from '../estimate/estimatesOf.ts'
import type { Evidence } from '../estimate/evidence.ts'
import { checkPoints } from './checkPoints.ts'
import { guardOfLook } from './guard.ts'
import type { How } from './how.ts'
import { isEventRule, ruleEvents } from './ruleEvents.ts'
import { sideOf } from './sprt.ts'

export interface Decision {
  /** The rule that ends the cell; 'max' where none was met. */
  readonly stop: StopRule | 'max'
  /** Of a rule `above`: on which side of it the probability lies. */
  readonly side?: 'above' | 'below'
  /**
   * The cell ends with the nth event, counted from trial 0, at or before this check point; absent: it ends at the check
   * point.
   */
  readonly event?: { readonly estimate: string; readonly nth: number }
}

/**
 * Whether a cell ends at the check point `tally.trials`, the tally being that of the whole prefix; null: it goes on.
 * Call it at each check point in turn. `cells` where the intervals are simultaneous.
 */
export function decide(
  until: Until,
  tally: Tally,
  layout: RecordLayout,
  { cells = null, trial }: { readonly cells?: number | null; readonly trial?: How['trial'] } = {},
): Decision | null {
  const points = checkPoints(until.min, until.max)
  const index = points.indexOf(tally.trials)
  if (index < 0)
    throw new StatisticsError('CHECK_POINT', `${tally.trials} trials`, `from ${until.min} to ${until.max} by 5/4`)
  const guard = guardOfLook(until, points.length, cells)
  for (const rule of until.rules) {
    if (isEventRule(rule)) {
      const nth = ruleEvents(rule, until, cells)
      if (countOf(rule.estimate, tally, layout) < nth) continue
      // Reached before the minimum of trials: that minimum ends the cell, at a fixed number, not the event.
      if (rule.kind === 'events' && index === 0) return { stop: rule }
      return { stop: rule, event: { estimate: rule.estimate, nth } }
    }
    if (rule.kind === 'above') {
      const side = sideOf(countOf(rule.estimate, tally, layout), tally.trials, rule, guard.alpha)
      if (side !== null) return { stop: rule, side }
    } else if (narrow(rule, { tally, layout, guard, trial })) return { stop: rule }
  }
  return index === points.length - 1 ? { stop: 'max' } : null
}

function narrow(rule: Extract<StopRule, { kind: 'relative' | 'halfWidth' }>, evidence: Evidence): boolean {
  const estimate = estimateOf(rule.estimate, evidence)
  if (estimate === null) return false
  const half = (estimate.high - estimate.low) / 2
  if (rule.kind === 'halfWidth') return half <= rule.halfWidth
  return estimate.value > 0 && half <= rule.relative * estimate.value
}
