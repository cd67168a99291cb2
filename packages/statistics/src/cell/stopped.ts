import { type StopRule, type StopRuleName, stopRuleNames } from '@driftfarm/spec'
import * as z from 'zod'
import type { StopRuleEntry } from '../evidence/stopRule.ts'
import type { Plain } from '../shape.ts'
import { stopping } from '../stopping.generated.ts'

/** The ways in which a cell ends without meeting a stopping rule, and how `count` cells ended in this way. */
const endings = {
  trials: () => 'stopped after the requested number of trials',
  max: () => 'stopped at the maximum number of trials without meeting the stopping rule',
  budget: () => 'stopped when the budget was used up',
  /** A search ended without visiting the cell. */
  unvisited: (count: number) => `${count === 1 ? 'was' : 'were'} not visited by the search`,
}

export type Ending = keyof typeof endings

const rules: Readonly<Record<StopRuleName, StopRuleEntry>> = stopping
export const ruleOf = ({ rule }: StopRule): StopRuleEntry => rules[rule]

/** What stopped a cell. Keys are in the order in which they are printed. */
export const stoppedShape = z.union([
  z.strictObject({ rule: z.enum(Object.keys(endings) as Ending[]) }),
  ...stopRuleNames.map((name) => stopping[name].shape),
])

export type Stopped = Plain<z.infer<typeof stoppedShape>>

export const isStopRule = <S extends { readonly rule: string }>(stopped: S): stopped is S & StopRule =>
  Object.hasOwn(rules, stopped.rule)

/** The reason why a cell stopped, in a few words. */
export function stoppedText(stopped: Stopped | null): string {
  if (stopped === null) return 'open'
  return isStopRule(stopped) ? ruleOf(stopped).text(stopped) : stopped.rule
}

/** How `count` cells with the same `stopped.rule` ended, as the end of a sentence about them; null: still open. */
export function endedText(rule: Stopped['rule'] | null, count: number): string {
  if (rule === null) return `${count === 1 ? 'is' : 'are'} not finished`
  return rule in rules ? rules[rule as StopRuleName].ended(count) : endings[rule as Ending](count)
}
