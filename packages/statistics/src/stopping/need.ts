import { elementary } from '@driftfarm/formula'
import type { RecordLayout, Tally } from '@driftfarm/kernel'
import type { StopRule, Until } from '@driftfarm/spec'
import { countOf } from '../estimate/count.ts'
import { estimateOf } from '../estimate/estimatesOf.ts'
import { checkPoints } from './checkPoints.ts'
import { guardOfLook } from './guard.ts'
import type { How } from './how.ts'
import { isEventRule, ruleEvents } from './ruleEvents.ts'
import { logRatio } from './sprt.ts'

const { log } = elementary

/**
 * How far a cell at a check point is from its nearest rule: its half-width over the wanted one, above 1 while the rule
 * is not met, infinite before the first event of a relative one. Other rules by what goes with the half-width: the
 * square root of the events, or of the logarithm of the likelihood ratio, that are wanted over those that are there.
 */
export function needOf(
  until: Until,
  tally: Tally,
  layout: RecordLayout,
  { cells = null, trial }: { readonly cells?: number | null; readonly trial?: How['trial'] } = {},
): number {
  const guard = guardOfLook(until, checkPoints(until.min, until.max).length, cells)
  const need = (rule: StopRule): number => {
    if (isEventRule(rule)) return Math.sqrt(ruleEvents(rule, until, cells) / countOf(rule.estimate, tally, layout))
    if (rule.kind === 'above') {
      const ratio = logRatio(countOf(rule.estimate, tally, layout), tally.trials, rule)
      return Math.sqrt(-log(guard.alpha) / Math.abs(ratio))
    }
    const estimate = estimateOf(rule.estimate, { tally, layout, guard, trial })
    if (estimate === null) return Number.POSITIVE_INFINITY
    const half = (estimate.high - estimate.low) / 2
    return half / (rule.kind === 'halfWidth' ? rule.halfWidth : rule.relative * estimate.value)
  }
  return Math.min(...until.rules.map(need))
}
