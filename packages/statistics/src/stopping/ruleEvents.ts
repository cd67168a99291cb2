import type { StopRule, Until } from '@driftfarm/spec'
import { alphaOf } from '../interval/interval.ts'
import { gbasEvents } from './gbas.ts'

export type EventRule = Extract<StopRule, { kind: 'events' | 'gbas' }>

/** Whether a rule ends a cell at the exact index of an event. */
export function isEventRule(rule: StopRule): rule is EventRule {
  return rule.kind === 'events' || rule.kind === 'gbas'
}

/** Of which event. `cells` where intervals are simultaneous. */
export function ruleEvents(
  rule: EventRule,
  until: Pick<Until, 'rules' | 'confidence' | 'budget'>,
  cells: number | null,
): number {
  if (rule.kind === 'events') return rule.events
  return gbasEvents(rule.relative, alphaOf(until.confidence) / (cells ?? 1) / parts(until))
}

/**
 * Where an estimate can end in three ways, each with its own interval - at a check point, at its own k-th event, at
 * another's - a third of alpha each keeps the sum: an event rule beside others, or one that shares a budget.
 */
export function parts({ rules, budget }: Pick<Until, 'rules' | 'budget'>): number {
  return (rules.length > 1 || budget !== undefined) && rules.some(isEventRule) ? 3 : 1
}
