import type { StopRule, Until } from '@driftfarm/spec'
import { alphaOf } from '../interval/interval.ts'
import { gbasEvents } from './gbas.ts'

export type EventRule = Extract<StopRule, { kind: 'events' | 'gbas' }>

/** An event rule can end a cell at any trial with an event, not only at check points. */
export function isEventRule(rule: StopRule): rule is EventRule {
  return rule.kind === 'events' || rule.kind === 'gbas'
}

/** `cells` is the number of cells if intervals are simultaneous, else null. */
export function ruleEvents(
  rule: EventRule,
  until: Pick<Until, 'rules' | 'confidence' | 'budget'>,
  cells: number | null,
): number {
  if (rule.kind === 'events') return rule.events
  return gbasEvents(rule.relative, alphaOf(until.confidence) / (cells ?? 1) / parts(until))
}

/**
 * The number of parts into which the alpha of an estimate is divided. If a cell has an event rule and also other rules
 * or a budget, it can end in three ways: at a check point, at an event of this estimate, or at an event of another
 * estimate. Each of the three ways has its own kind of interval, which uses one part of alpha.
 */
export function parts({ rules, budget }: Pick<Until, 'rules' | 'budget'>): number {
  return (rules.length > 1 || budget !== undefined) && rules.some(isEventRule) ? 3 : 1
}
