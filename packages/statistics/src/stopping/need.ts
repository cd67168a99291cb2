import type { RecordLayout, Tally } from '@driftfarm/kernel'
import type { Until } from '@driftfarm/spec'
import { checkPoints } from './checkPoints.ts'
import { type CheckPointContext, guardAtCheckPoint } from './guard.ts'
import { methodsOfRule } from './stopRules.ts'

/**
 * Returns how far a cell at a check point is from meeting the nearest of its stopping rules. The result is a ratio that
 * is above 1 until a rule is met.
 */
export function needOf(until: Until, tally: Tally, layout: RecordLayout, looking: CheckPointContext = {}): number {
  const { cells = null, trial } = looking
  const guard = guardAtCheckPoint(until, checkPoints(until.min, until.max).length, looking)
  const look = { evidence: { tally, layout, guard, trial }, until, cells, isFirst: false }
  return Math.min(...until.rules.map((rule) => methodsOfRule(rule).need(rule, look)))
}
