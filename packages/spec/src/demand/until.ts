import * as z from 'zod'
import { isMapping } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { keys, quantity, text, words } from '../field/field.ts'
import type { Frame } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import type { Scope } from '../field/scope.ts'
import { collectEach, collectParts } from '../mistakes.ts'
import type { StopRule, Until } from '../sweep.ts'

const ruleKeys = {
  estimate: text('the name of an estimate').meta({ description: 'The name of the estimate that the rule applies to.' }),
  relative: quantity(
    ranges.positive,
    'Stops when the relative half-width of the confidence interval is at most this: (high - low)/2 <= relative * ' +
      'value.',
  ).optional(),
  halfWidth: quantity(
    ranges.halfWidth,
    'Stops when the half-width of the confidence interval is at most this: (high - low)/2 <= halfWidth.',
  ).optional(),
  method: words('gbas')
    .meta({
      description:
        'With `relative`: stops after a fixed number of events. This number guarantees a relative error of at most ' +
        '`relative`, whatever the probability is.',
    })
    .optional(),
  events: quantity(ranges.events, 'Stops at the trial in which the number of events reaches this value.').optional(),
  above: quantity(
    ranges.threshold,
    'Stops when a sequential test has decided whether the probability is above this value.',
  ).optional(),
  indifference: quantity(
    ranges.indifference,
    'With `above`: the relative distance from `above` within which either answer is accepted. Default 0.1.',
  ).optional(),
}

const boundKeys = {
  confidence: quantity(
    ranges.confidence,
    'Confidence of the stopping rules. Default: the confidence of the spec.',
  ).optional(),
  min: quantity(ranges.trials, 'Number of trials at the first check point. Default 1000.').optional(),
  max: quantity(ranges.trials, 'Number of trials at the last check point. Default 10000000.').optional(),
}

const rule = keys({ ...ruleKeys, ...boundKeys })
const listed = keys({
  rules: z
    .array(rule)
    .meta({ description: 'Several rules. The `confidence`, `min` and `max` beside this list apply to all of them.' }),
  ...boundKeys,
})

export const untilSchema = z
  .union(
    [
      keys({ ...rule.partial().shape, rules: listed.shape.rules.optional() }),
      z.array(rule, { error: 'a list of stopping rules' }),
    ],
    {
      error: 'a stopping rule {estimate, relative | halfWidth | events | above} or a list of them',
    },
  )
  .meta({
    description: 'Stopping rules, instead of `trials`. The first rule that is met at a check point ends the cell.',
  })

const kinds = ['relative', 'halfWidth', 'events', 'above'] as const
/** Keys that refine a rule, each with the kind of rule that it refines. */
const details = { method: 'relative', indifference: 'above' } as const
const bounds = ['confidence', 'min', 'max'] as const

/** The keys confidence, min and max may be given in any rule or beside the rules. */
export function resolveUntil(scope: Scope, confidence: () => number): Until | null {
  if (scope.root.get('until') === undefined) return null
  const frame = scope.root.inner('until')
  const listed = Array.isArray(frame.object) ? frame : frame.get('rules') === undefined ? null : frame.inner('rules')
  const rules = listed === null ? [frame] : (listed.object as readonly unknown[]).map((_, i) => listed.inner(i))
  if (rules.length === 0)
    throw new Mistake('MISSING', frame.path(), {
      expected: 'at least one rule {estimate, relative | halfWidth | events | above}',
    })
  if (listed !== null && listed !== frame) refuseRule(frame)
  const holders = listed !== null && listed !== frame ? [frame, ...rules] : rules
  const bound = (key: (typeof bounds)[number], fallback: number) => boundOf(scope, holders, key, fallback)
  const { limits, ...until } = collectParts({
    rules: () => collectEach(rules, (rule) => ruleOf(scope, rule)),
    confidence: () => bound('confidence', confidence()),
    limits: () => {
      const { min, max } = collectParts({ min: () => bound('min', 1000), max: () => bound('max', 10_000_000) })
      if (max >= min) return { min, max }
      throw new Mistake('OUT_OF_RANGE', frame.at('max'), {
        value: max,
        expected: `an integer of at least \`min\` (${min})`,
      })
    },
  })
  return { ...until, ...limits }
}

function refuseRule(frame: Frame): void {
  const word = ['estimate', ...kinds, ...Object.keys(details)].find((key) => frame.get(key) !== undefined)
  if (word !== undefined) {
    throw new Mistake(
      'UNKNOWN_KEY',
      frame.at(word),
      { word, hint: 'next to `rules`, only `confidence`, `min` and `max` are allowed' },
      'key',
    )
  }
}

function boundOf(scope: Scope, holders: readonly Frame[], key: (typeof bounds)[number], fallback: number): number {
  const range = key === 'confidence' ? ranges.confidence : ranges.trials
  let found: number | undefined
  for (const holder of holders) {
    if (!isMapping(holder.object) || holder.get(key) === undefined) continue
    const value = scope.number(holder, key, range)
    if (found !== undefined && found !== value) {
      throw new Mistake('OUT_OF_RANGE', holder.at(key), {
        value,
        expected: `the same ${key} for all rules, such as ${found}`,
      })
    }
    found = value
  }
  return found ?? fallback
}

function ruleOf(scope: Scope, frame: Frame): StopRule {
  const estimate = frame.get('estimate')
  if (typeof estimate !== 'string')
    throw new Mistake('MISSING', frame.at('estimate'), { expected: 'the name of a probability, such as escape' })
  const given = kinds.filter((kind) => frame.get(kind) !== undefined)
  if (given.length !== 1) {
    throw new Mistake('EXACTLY_ONE', frame.path(), {
      known: kinds,
      reason: given.length === 0 ? 'none' : given.join(' and '),
    })
  }
  for (const [word, kind] of Object.entries(details))
    if (frame.get(word) !== undefined && given[0] !== kind)
      throw new Mistake('UNKNOWN_KEY', frame.at(word), { word, hint: `it can be used only with \`${kind}\`` }, 'key')
  switch (given[0]!) {
    case 'relative': {
      const kind = frame.get('method') === 'gbas' ? 'gbas' : 'relative'
      return { kind, estimate, relative: scope.number(frame, 'relative', ranges.positive) }
    }
    case 'halfWidth':
      return { kind: 'halfWidth', estimate, halfWidth: scope.number(frame, 'halfWidth', ranges.halfWidth) }
    case 'events':
      return { kind: 'events', estimate, events: scope.number(frame, 'events', ranges.events) }
    case 'above': {
      const above = scope.number(frame, 'above', ranges.threshold)
      const indifference = scope.number(frame, 'indifference', ranges.indifference, 0.1)
      if (above * (1 + indifference) >= 1)
        throw new Mistake('OUT_OF_RANGE', frame.at('above'), {
          value: above,
          expected: `a number below 1/(1 + indifference) = 1/${1 + indifference}, or reduce \`indifference\``,
        })
      return { kind: 'above', estimate, above, indifference }
    }
  }
}
