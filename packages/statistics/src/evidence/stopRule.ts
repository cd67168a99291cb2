import type { StopRule } from '@driftfarm/spec'
import type * as z from 'zod'
import type { MadeInterval } from '../interval/guard.ts'
import type { Estimate } from './estimate.ts'

export type RuleNamed<Name extends StopRule['rule']> = Extract<StopRule, { readonly rule: Name }>

/** The state of a cell at a check point, as its stopping rules see it. */
export interface Look {
  /** The estimate of the rule, with its interval; null if the cell does not have it. */
  readonly estimate: Estimate | null
  /** Number of trials with the event of the estimate. */
  readonly events: number
  readonly trials: number
  readonly alpha: number
}

/**
 * A stopping rule: its decision, the interval that is valid after it, and the texts that say how it ended a cell.
 * `Ended` is the field `stopped` of a cell that the rule has ended: the rule with the fields of `Added`.
 */
export type StopRuleEntry<Rule extends StopRule = StopRule, Added extends object = object> = Texts<Rule & Added> &
  (AtCheckPoints<Rule, Added> | AtEvent<Rule>)

interface Texts<Ended> {
  readonly shape: z.ZodType<Ended> & Pick<z.ZodObject, 'shape'>
  /** How the rule ended a cell, in a few words. */
  text(stopped: Ended): string
  /** How the rule ended `count` cells, as the end of a sentence about them. */
  ended(count: number): string
}

/** A rule that ends a cell at a check point. Its estimates have the interval of a check point. */
interface AtCheckPoints<Rule, Added> {
  /** The fields that the decision adds to the rule; null if the rule is not met. */
  evaluate(rule: Rule, look: Look): Added | null
  /**
   * How far the cell is from meeting the rule, as a ratio such as the half-width divided by the requested half-width.
   * The ratio is above 1 until the rule is met, and infinite if the rule needs an event and no event has happened.
   */
  need(rule: Rule, look: Look): number
  /** The fields that are added to the rule if even the maximum number of trials did not meet it. */
  readonly unmet?: Added
}

/** A rule that can end a cell at any trial with an event. */
interface AtEvent<Rule> {
  /** The number of events at which the rule ends a cell. */
  nth(rule: Rule, alpha: number): number
  /** Whether a cell that has enough events at the first check point ends there, and not at its last event. */
  readonly endsAtFirst: boolean
  /** The interval after the k-th event at trial n. */
  after(rule: Rule, k: number, n: number, alpha: number, place: EventPlace): MadeInterval
  /** The interval if no other rule was requested, and the minimum or maximum number of trials n ended the cell. */
  before(k: number, n: number, alpha: number): MadeInterval
}

export interface EventPlace {
  readonly cell: string | undefined
  /** The maximum number of trials. */
  readonly most: number
}

export const halfWidthOf = ({ low, high }: Estimate): number => (high - low) / 2
