import { elementary } from '@driftfarm/formula'
import type { StopRule, Until } from '@driftfarm/spec'
import { countOf } from '../estimate/count.ts'
import { estimateOf } from '../estimate/estimatesOf.ts'
import type { Evidence } from '../estimate/evidence.ts'
import { type EventRule, ruleEvents } from './ruleEvents.ts'
import { logRatio, sideOf } from './sprt.ts'
import type { RuleDecision } from './stopped.ts'

const { log } = elementary

export interface CheckPointState {
  readonly evidence: Evidence
  readonly until: Until
  /** The number of cells if intervals are simultaneous, else null. */
  readonly cells: number | null
  readonly isFirst: boolean
}

type Kind = StopRule['kind']
type RuleOf<K extends Kind> = Extract<StopRule, { kind: K }>

interface RuleMethods<R extends StopRule> {
  evaluate(rule: R, state: CheckPointState): RuleDecision | null
  /**
   * How far the cell is from meeting the rule, as a ratio such as the half-width divided by the requested half-width.
   * The ratio is above 1 until the rule is met, and infinite if the rule needs an event and no event has happened.
   */
  need(rule: R, state: CheckPointState): number
}

function widthOver(rule: RuleOf<'relative' | 'halfWidth'>, evidence: Evidence): number {
  const estimate = estimateOf(rule.estimate, evidence)
  if (estimate === null) return Number.POSITIVE_INFINITY
  const half = (estimate.high - estimate.low) / 2
  return half / (rule.kind === 'halfWidth' ? rule.halfWidth : rule.relative * estimate.value)
}

const narrow: RuleMethods<RuleOf<'relative' | 'halfWidth'>> = {
  evaluate(rule, { evidence }) {
    const estimate = estimateOf(rule.estimate, evidence)
    if (estimate === null) return null
    const half = (estimate.high - estimate.low) / 2
    const isMet =
      rule.kind === 'halfWidth' ? half <= rule.halfWidth : estimate.value > 0 && half <= rule.relative * estimate.value
    return isMet ? {} : null
  },
  need: (rule, { evidence }) => widthOver(rule, evidence),
}

const counted: RuleMethods<EventRule> = {
  evaluate(rule, { evidence: { tally, layout }, until, cells, isFirst }) {
    const nth = ruleEvents(rule, until, cells)
    if (countOf(rule.estimate, tally, layout) < nth) return null
    // If a cell with the rule `events` already has `nth` or more events at the first check point, it ends there.
    // Otherwise it ends at the event with number `nth`.
    return rule.kind === 'events' && isFirst ? {} : { event: { estimate: rule.estimate, nth } }
  },
  need: (rule, { evidence: { tally, layout }, until, cells }) =>
    Math.sqrt(ruleEvents(rule, until, cells) / countOf(rule.estimate, tally, layout)),
}

const above: RuleMethods<RuleOf<'above'>> = {
  evaluate(rule, { evidence: { tally, layout, guard } }) {
    const side = sideOf(countOf(rule.estimate, tally, layout), tally.trials, rule, guard.alpha)
    return side === null ? null : { side }
  },
  need(rule, { evidence: { tally, layout, guard } }) {
    const ratio = logRatio(countOf(rule.estimate, tally, layout), tally.trials, rule)
    return Math.sqrt(-log(guard.alpha) / Math.abs(ratio))
  },
}

const threshold: RuleMethods<RuleOf<'threshold'>> = {
  evaluate(rule, { evidence }) {
    const estimate = estimateOf(rule.estimate, evidence)
    if (estimate === null) return null
    const { low, high } = estimate
    return low > rule.equals ? { side: 'above' } : high < rule.equals ? { side: 'below' } : null
  },
  need(rule, { evidence }) {
    const estimate = estimateOf(rule.estimate, evidence)
    if (estimate === null) return Number.POSITIVE_INFINITY
    return (estimate.high - estimate.low) / 2 / Math.abs(estimate.value - rule.equals)
  },
}

const stopRules: { readonly [K in Kind]: RuleMethods<RuleOf<K>> } = {
  relative: narrow,
  halfWidth: narrow,
  events: counted,
  gbas: counted,
  above,
  threshold,
}

export const methodsOfRule = (rule: StopRule): RuleMethods<StopRule> => stopRules[rule.kind] as RuleMethods<StopRule>
