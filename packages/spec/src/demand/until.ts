import * as z from 'zod'
import { isMapping } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { keys, quantity, text, words } from '../field/field.ts'
import type { Frame, Scope } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { collectEach, collectParts } from '../mistakes.ts'
import {
  type RuleWord,
  ruleForm,
  type StopRule,
  type StopRuleName,
  stopRuleNames,
  wordsOf,
  writtenRules,
} from '../stopping.ts'
import type { Until } from '../sweep.ts'

/** A rule that a word selects has the numbers of another rule. */
const ruleKeys: Readonly<Record<string, z.ZodOptional>> = Object.fromEntries(
  stopRuleNames.map(wordsOf).flatMap(({ numbers, word, elsewhere }): [string, z.ZodOptional][] => {
    if (elsewhere) return []
    if (word !== undefined) return [[word.key, words(word.value).meta({ description: word.description }).optional()]]
    return Object.entries(numbers).map(([key, { range, description }]) => [
      key,
      quantity(range, description).optional(),
    ])
  }),
)

const boundKeys = {
  confidence: quantity(
    ranges.confidence,
    'Confidence of the stopping rules. Default: the confidence of the spec.',
  ).optional(),
  min: quantity(ranges.trials, 'Number of trials at the first check point. Default 1000.').optional(),
  max: quantity(ranges.trials, 'Number of trials at the last check point. Default 10000000.').optional(),
}

const estimate = text('the name of an estimate').meta({
  description: 'The name of the estimate that the rule applies to.',
})
const rule = keys({ estimate, ...ruleKeys, ...boundKeys })
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
      error: `a stopping rule ${ruleForm} or a list of them`,
    },
  )
  .meta({
    description: 'Stopping rules, instead of `trials`. The first rule that is met at a check point ends the cell.',
  })

const rulesByWord = stopRuleNames.filter((name) => wordsOf(name).word !== undefined)
/** Keys that refine a rule, each with the rule that it refines. */
const details = [
  ...rulesByWord.map((name) => [wordsOf(name).word!.key, wordsOf(name).word!.of] as const),
  ...writtenRules.flatMap((name) =>
    Object.keys(wordsOf(name).numbers)
      .slice(1)
      .map((key) => [key, name] as const),
  ),
]
const bounds = ['confidence', 'min', 'max'] as const

/** The keys confidence, min and max may be given in any rule or beside the rules. */
export function resolveUntil(scope: Scope, confidence: () => number): Until | null {
  if (scope.root.get('until') === undefined) return null
  const frame = scope.root.inner('until')
  const listed = Array.isArray(frame.object) ? frame : frame.get('rules') === undefined ? null : frame.inner('rules')
  const rules = listed === null ? [frame] : (listed.object as readonly unknown[]).map((_, i) => listed.inner(i))
  if (rules.length === 0)
    throw new Mistake('MISSING', frame.path(), {
      expected: `at least one rule ${ruleForm}`,
    })
  if (listed !== null && listed !== frame) refuseRule(frame)
  const holders = listed !== null && listed !== frame ? [frame, ...rules] : rules
  const bound = (key: (typeof bounds)[number], fallback: number) => boundOf(holders, key, fallback)
  const { limits, ...until } = collectParts({
    rules: () => collectEach(rules, (rule) => ruleOf(rule)),
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
  const word = ['estimate', ...writtenRules, ...details.map(([key]) => key)].find((key) => frame.get(key) !== undefined)
  if (word !== undefined) {
    throw new Mistake(
      'UNKNOWN_KEY',
      frame.at(word),
      { word, hint: 'next to `rules`, only `confidence`, `min` and `max` are allowed' },
      'key',
    )
  }
}

function boundOf(holders: readonly Frame[], key: (typeof bounds)[number], fallback: number): number {
  const range = key === 'confidence' ? ranges.confidence : ranges.trials
  let found: number | undefined
  for (const holder of holders) {
    if (!isMapping(holder.object) || holder.get(key) === undefined) continue
    const value = holder.number(key, range)
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

function ruleOf(frame: Frame): StopRule {
  const estimate = frame.get('estimate')
  if (typeof estimate !== 'string')
    throw new Mistake('MISSING', frame.at('estimate'), { expected: 'the name of a probability, such as escape' })
  const given = writtenRules.filter((name) => frame.get(name) !== undefined)
  const [written] = given
  if (written === undefined || given.length > 1) {
    throw new Mistake('EXACTLY_ONE', frame.path(), {
      known: writtenRules,
      reason: given.length === 0 ? 'none' : given.join(' and '),
    })
  }
  for (const [word, name] of details)
    if (frame.get(word) !== undefined && written !== name)
      throw new Mistake('UNKNOWN_KEY', frame.at(word), { word, hint: `it can be used only with \`${name}\`` }, 'key')
  const rule = rulesByWord.find((name) => isSelected(wordsOf(name).word!, written, frame)) ?? written
  const { numbers: keys, fault } = wordsOf(rule)
  const numbers: Record<string, number> = {}
  for (const [key, { range, default: fallback }] of Object.entries(keys))
    numbers[key] = frame.number(key, range, fallback)
  const found = fault?.(numbers) ?? null
  if (found !== null)
    throw new Mistake('OUT_OF_RANGE', frame.at(found.key), { value: numbers[found.key], expected: found.expected })
  return { rule, estimate, ...numbers } as StopRule
}

function isSelected({ of, key, value }: RuleWord, written: StopRuleName, frame: Frame): boolean {
  return of === written && frame.get(key) === value
}
