import type { RecordLayout, Tally } from '@driftfarm/kernel'
import type { StopRule, Until } from '@driftfarm/spec'
import type * as z from 'zod'
import { StatisticsError } from '../error.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Look } from '../evidence/stopRule.ts'
import { estimateOf } from './estimates.ts'
import { countOf } from './events.ts'
import { type CheckPointContext, checkPoints, eventAlpha, guardAtCheckPoint } from './guard.ts'
import { ruleOf, type Stopped } from './stopped.ts'

/**
 * Decides whether a cell ends at the check point `tally.trials`; null if the cell continues. Must be called at each
 * check point, in their order. Throws a StatisticsError if `tally.trials` is not a check point. With `atEvent`, the
 * cell ends with the trial in which event number `stopped.events` of `stopped.estimate` happens, counted from trial 0
 * on. Otherwise, it ends at the check point.
 */
export function decide(until: Until, tally: Tally, layout: RecordLayout, context: CheckPointContext = {}) {
  const points = checkPoints(until.min, until.max)
  const index = points.indexOf(tally.trials)
  if (index < 0)
    throw new StatisticsError(
      'CHECK_POINT',
      `${tally.trials} trials`,
      `check points go from ${until.min} to ${until.max} by factors of 5/4`,
    )
  const look = lookAt(until, tally, layout, context)
  const at = (
    { shape }: { readonly shape: Pick<z.ZodObject, 'shape'> },
    met: Readonly<Record<string, unknown>>,
    atEvent = false,
  ) => {
    // The database does not keep the order of the keys of a request.
    const stopped = Object.fromEntries(Object.keys(shape.shape).map((key) => [key, met[key]])) as Stopped
    return { stopped, atEvent }
  }
  for (const rule of until.rules) {
    const entry = ruleOf(rule)
    if ('nth' in entry) {
      const nth = entry.nth(rule, eventAlpha(until, context.cells ?? null))
      if (look(rule).events >= nth) return at(entry, { ...rule, events: nth }, index > 0 || !entry.endsAtFirst)
    } else {
      const added = entry.evaluate(rule, look(rule))
      if (added !== null) return at(entry, { ...rule, ...added })
    }
  }
  if (index < points.length - 1) return null
  const [first] = until.rules
  const entry = ruleOf(first!)
  if ('unmet' in entry) return at(entry, { ...first, ...entry.unmet })
  return { stopped: { rule: 'max' } as Stopped, atEvent: false }
}

/**
 * Returns how far a cell at a check point is from meeting the nearest of its stopping rules. The result is a ratio that
 * is above 1 until a rule is met.
 */
export function needOf(until: Until, tally: Tally, layout: RecordLayout, context: CheckPointContext = {}): number {
  const look = lookAt(until, tally, layout, context)
  const needs = until.rules.map((rule) => {
    const entry = ruleOf(rule)
    if (!('nth' in entry)) return entry.need(rule, look(rule))
    return Math.sqrt(entry.nth(rule, eventAlpha(until, context.cells ?? null)) / look(rule).events)
  })
  return Math.min(...needs)
}

function lookAt(until: Until, tally: Tally, layout: RecordLayout, context: CheckPointContext) {
  const guard = guardAtCheckPoint(until, checkPoints(until.min, until.max).length, context)
  const evidence: Evidence = { tally, layout, guard, trial: context.trial }
  return ({ estimate }: StopRule): Look => ({
    get estimate() {
      return estimateOf(estimate, evidence)
    },
    get events() {
      return countOf(estimate, tally, layout)
    },
    trials: tally.trials,
    alpha: guard.alpha,
  })
}
