import type { RecordLayout, Tally } from '@driftfarm/kernel'
import type { StopRule, Until } from '@driftfarm/spec'
import { StatisticsError } from '../error.ts'
import { checkPoints } from './checkPoints.ts'
import { type CheckPointContext, guardAtCheckPoint } from './guard.ts'
import type { RuleDecision } from './stopped.ts'
import { methodsOfRule } from './stopRules.ts'

export interface Decision extends RuleDecision {
  /** The rule that ends the cell; 'max' if no rule was met within the maximum number of trials. */
  readonly stop: StopRule | 'max'
}

/**
 * Decides whether a cell ends at the check point `tally.trials`; null if the cell continues. Must be called at each
 * check point, in their order. Throws a StatisticsError if `tally.trials` is not a check point.
 */
export function decide(
  until: Until,
  tally: Tally,
  layout: RecordLayout,
  looking: CheckPointContext = {},
): Decision | null {
  const points = checkPoints(until.min, until.max)
  const index = points.indexOf(tally.trials)
  if (index < 0)
    throw new StatisticsError(
      'CHECK_POINT',
      `${tally.trials} trials`,
      `check points go from ${until.min} to ${until.max} by factors of 5/4`,
    )
  const { cells = null, trial } = looking
  const guard = guardAtCheckPoint(until, points.length, looking)
  const look = { evidence: { tally, layout, guard, trial }, until, cells, isFirst: index === 0 }
  for (const rule of until.rules) {
    const found = methodsOfRule(rule).evaluate(rule, look)
    if (found !== null) return { stop: rule, ...found }
  }
  if (index < points.length - 1) return null
  return until.threshold === undefined ? { stop: 'max' } : { stop: until.rules[0]!, side: 'undecided' }
}
