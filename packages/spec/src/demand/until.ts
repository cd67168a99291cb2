import * as z from 'zod'
import { isMapping } from '../document/value.ts'
import { misplacedKey, missing, outOfRange } from '../errors.ts'
import { quantity, section, text, words } from '../field/field.ts'
import { type Frame, onlyOne, type Scope } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { number, shapeOf } from '../field/section.ts'
import { collectEach, collectParts } from '../mistakes.ts'
import { type RuleWord, ruleForm, type StopRule, stopRuleNames, wordsOf, writtenRules } from '../stopping.ts'
import type { Until } from '../sweep.ts'

/** A rule that a word selects has the numbers of another rule. */
const ruleKeys: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  stopRuleNames.map(wordsOf).flatMap(({ numbers, word, elsewhere }): [string, z.ZodType][] => {
    if (elsewhere) return []
    if (word !== undefined) return [[word.key, words(word.value).meta({ description: word.description })]]
    return Object.entries(numbers).map(([key, { range, description }]) => [key, quantity(range, description)])
  }),
)

const bounds = {
  confidence: number(
    ranges.betweenZeroAndOne,
    'Confidence of the stopping rules. Default: the confidence of the spec.',
    null,
  ),
  min: number(ranges.trials, 'Number of trials at the first check point. Default 1000.', null),
  max: number(ranges.trials, 'Number of trials at the last check point. Default 10000000.', null),
}

const estimate = text('the name of an estimate').meta({
  description: 'The name of the estimate that the rule applies to.',
})
const rule = section(['estimate'], { estimate, ...ruleKeys, ...shapeOf(bounds) })
const severalRules = z
  .array(rule)
  .meta({ description: 'Several rules. The `confidence`, `min` and `max` beside this list apply to all of them.' })

export const untilSchema = z
  .union([section([], { ...rule.shape, rules: severalRules }), z.array(rule, { error: 'a list of stopping rules' })], {
    error: `a stopping rule ${ruleForm} or a list of them`,
  })
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
/** The keys confidence, min and max may be given in any rule or beside the rules. */
export function resolveUntil(scope: Scope, confidence: () => number): Until | null {
  if (scope.root.get('until') === undefined) return null
  const frame = scope.root.inner('until')
  const listed = Array.isArray(frame.object) ? frame : frame.get('rules') === undefined ? null : frame.inner('rules')
  const rules = listed === null ? [frame] : (listed.object as readonly unknown[]).map((_, i) => listed.inner(i))
  if (rules.length === 0) throw missing(frame.path(), `at least one rule ${ruleForm}`)
  if (listed !== null && listed !== frame) refuseRule(frame)
  const holders = listed !== null && listed !== frame ? [frame, ...rules] : rules
  const bound = (key: keyof typeof bounds, fallback: number) => boundOf(holders, key, fallback)
  const { limits, ...until } = collectParts({
    rules: () => collectEach(rules, (rule) => ruleOf(rule)),
    confidence: () => bound('confidence', confidence()),
    limits: () => {
      const { min, max } = collectParts({ min: () => bound('min', 1000), max: () => bound('max', 10_000_000) })
      if (max >= min) return { min, max }
      throw outOfRange(frame.at('max'), max, `an integer of at least \`min\` (${min})`)
    },
  })
  return { ...until, ...limits }
}

function refuseRule(frame: Frame): void {
  const word = ['estimate', ...writtenRules, ...details.map(([key]) => key)].find((key) => frame.get(key) !== undefined)
  if (word !== undefined)
    throw misplacedKey(frame.at(word), 'next to `rules`, only `confidence`, `min` and `max` are allowed')
}

function boundOf(holders: readonly Frame[], key: keyof typeof bounds, fallback: number): number {
  let found: number | null = null
  for (const holder of holders) {
    const value: number | null = isMapping(holder.object) ? bounds[key].read(holder, key) : null
    if (value === null) continue
    if (found !== null && found !== value)
      throw outOfRange(holder.at(key), value, `the same ${key} for all rules, such as ${found}`)
    found = value
  }
  return found ?? fallback
}

function ruleOf(frame: Frame): StopRule {
  const estimate = frame.get('estimate')
  if (typeof estimate !== 'string') throw missing(frame.at('estimate'), 'the name of a probability, such as escape')
  const written = onlyOne(frame, writtenRules)
  for (const [word, name] of details)
    if (frame.get(word) !== undefined && written !== name)
      throw misplacedKey(frame.at(word), `it can be used only with \`${name}\``)
  const isSelected = ({ of, key, value }: RuleWord) => of === written && frame.get(key) === value
  const rule = rulesByWord.find((name) => isSelected(wordsOf(name).word!)) ?? written
  const { numbers: keys, fault } = wordsOf(rule)
  const numbers: Record<string, number> = {}
  for (const [key, { range, default: fallback }] of Object.entries(keys))
    numbers[key] = frame.number(key, range, fallback)
  const found = fault?.(numbers) ?? null
  if (found !== null) throw outOfRange(frame.at(found.key), numbers[found.key], found.expected)
  return { rule, estimate, ...numbers } as StopRule
}
