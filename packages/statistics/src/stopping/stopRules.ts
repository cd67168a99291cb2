import { elementary } from '@driftfarm/formula'
import type { StopRule, Until } from '@driftfarm/spec'
import { countOf } from '../estimate/count.ts'
import { estimateOf } from '../estimate/estimatesOf.ts'
import type { Evidence } from '../estimate/evidence.ts'
import { type EventRule, ruleEvents } from './ruleEvents.ts'
import { logRatio, sideOf } from './sprt.ts'
import type { Found } from './stopped.ts'

const { log } = elementary

/** The state of a cell's prefix at a check point. */
export interface Look {
  readonly evidence: Evidence
  readonly until: Until
  /** The number of cells where intervals are simultaneous, else null. */
  readonly cells: number | null
  /** Whether it is the first check point. */
  readonly isFirst: boolean
}

type Kind = StopRule['kind']
type RuleOf<K extends Kind> = Extract<StopRule, { kind: K }>

/** What a stopping rule does at a check point. */
interface Doing<R extends StopRule> {
  /** What the rule found, if it ends the cell; null if the cell continues. */
  met(rule: R, look: Look): Found | null
  /**
   * How far the cell is from meeting the rule, on the scale of a half-width over the wanted half-width: above 1 while
   * it is not met, infinite before a first event that it needs.
   */
  need(rule: R, look: Look): number
}

/** The half-width (high - low) / 2, divided by the largest one that the rule allows. */
function widthOver(rule: RuleOf<'relative' | 'halfWidth'>, evidence: Evidence): number {
  const estimate = estimateOf(rule.estimate, evidence)
  if (estimate === null) return Number.POSITIVE_INFINITY
  const half = (estimate.high - estimate.low) / 2
  return half / (rule.kind === 'halfWidth' ? rule.halfWidth : rule.relative * estimate.value)
}

const narrow: Doing<RuleOf<'relative' | 'halfWidth'>> = {
  met(rule, { evidence }) {
    const estimate = estimateOf(rule.estimate, evidence)
    if (estimate === null) return null
    const half = (estimate.high - estimate.low) / 2
    const isMet =
      rule.kind === 'halfWidth' ? half <= rule.halfWidth : estimate.value > 0 && half <= rule.relative * estimate.value
    return isMet ? {} : null
  },
  need: (rule, { evidence }) => widthOver(rule, evidence),
}

const counted: Doing<EventRule> = {
  met(rule, { evidence: { tally, layout }, until, cells, isFirst }) {
    const nth = ruleEvents(rule, until, cells)
    if (countOf(rule.estimate, tally, layout) < nth) return null
    // At the first check point the events were reached before the minimum of trials: then that fixed minimum ends the
    // cell, and not the event.
    return rule.kind === 'events' && isFirst ? {} : { event: { estimate: rule.estimate, nth } }
  },
  need: (rule, { evidence: { tally, layout }, until, cells }) =>
    Math.sqrt(ruleEvents(rule, until, cells) / countOf(rule.estimate, tally, layout)),
}

const above: Doing<RuleOf<'above'>> = {
  met(rule, { evidence: { tally, layout, guard } }) {
    const side = sideOf(countOf(rule.estimate, tally, layout), tally.trials, rule, guard.alpha)
    return side === null ? null : { side }
  },
  need(rule, { evidence: { tally, layout, guard } }) {
    const ratio = logRatio(countOf(rule.estimate, tally, layout), tally.trials, rule)
    return Math.sqrt(-log(guard.alpha) / Math.abs(ratio))
  },
}

const threshold: Doing<RuleOf<'threshold'>> = {
  met(rule, { evidence }) {
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

/** What each kind of rule does. How results call the rule that ended a cell is in `stopped.ts`. */
const stopRules: { readonly [K in Kind]: Doing<RuleOf<K>> } = {
  relative: narrow,
  halfWidth: narrow,
  events: counted,
  gbas: counted,
  above,
  threshold,
}

export const doingOf = (rule: StopRule): Doing<StopRule> => stopRules[rule.kind] as Doing<StopRule>
