import type { StopRule } from '@driftfarm/spec'
import * as z from 'zod'
import { count, nonNegative, type Plain, share } from '../shape.ts'

/**
 * What stopped a cell. `unvisited` stands for a search that ended without visiting the cell. Keys are in the order in
 * which they are printed.
 */
export const stoppedShape = z.union([
  z.strictObject({ rule: z.enum(['trials', 'max', 'budget', 'unvisited']) }),
  z.strictObject({ rule: z.literal('relative'), estimate: z.string(), relative: nonNegative }),
  z.strictObject({ rule: z.literal('halfWidth'), estimate: z.string(), halfWidth: nonNegative }),
  z.strictObject({ rule: z.literal('events'), estimate: z.string(), events: count }),
  /** The rule `relative` with `method: gbas`. */
  z.strictObject({ rule: z.literal('gbas'), estimate: z.string(), relative: nonNegative, events: count }),
  z.strictObject({
    rule: z.literal('above'),
    estimate: z.string(),
    above: share,
    indifference: share,
    decision: z.enum(['above', 'below']).describe('Whether the probability is above or below the value of `above`.'),
  }),
  z.strictObject({
    rule: z.literal('threshold'),
    estimate: z.string(),
    equals: share,
    decision: z
      .enum(['above', 'below', 'undecided'])
      .describe(
        'Whether the probability is above or below the value of `equals`; undecided if even the maximum number of ' +
          'trials did not decide it.',
      ),
  }),
])

export type Stopped = Plain<z.infer<typeof stoppedShape>>

export interface RuleDecision {
  /** For the rules `above` and `threshold`: the side of the value on which the probability lies. */
  readonly side?: 'above' | 'below' | 'undecided'
  /**
   * The cell ends with the trial in which event number `nth` of `estimate` happens, counted from trial 0 on. Absent if
   * the cell ends at the check point instead.
   */
  readonly event?: { readonly estimate: string; readonly nth: number }
}

type Ended = Omit<RuleDecision, 'event'> & { readonly event?: { readonly nth: number } }

/** The field `stopped` of a cell result. */
export function stoppedBy(
  by: 'trials' | 'max' | 'budget' | 'unvisited' | StopRule,
  { side, event }: Ended = {},
): Stopped {
  if (typeof by === 'string') return { rule: by }
  const { estimate } = by
  switch (by.kind) {
    case 'relative':
      return { rule: 'relative', estimate, relative: by.relative }
    case 'halfWidth':
      return { rule: 'halfWidth', estimate, halfWidth: by.halfWidth }
    case 'events':
      return { rule: 'events', estimate, events: by.events }
    case 'gbas':
      return { rule: 'gbas', estimate, relative: by.relative, events: event!.nth }
    case 'above':
      return {
        rule: 'above',
        estimate,
        above: by.above,
        indifference: by.indifference,
        decision: side as 'above' | 'below',
      }
    case 'threshold':
      return { rule: 'threshold', estimate, equals: by.equals, decision: side! }
  }
}

export function ruleOf(stopped: Stopped): StopRule | 'max' | 'budget' {
  switch (stopped.rule) {
    case 'relative':
    case 'gbas':
      return { kind: stopped.rule, estimate: stopped.estimate, relative: stopped.relative }
    case 'halfWidth':
      return { kind: 'halfWidth', estimate: stopped.estimate, halfWidth: stopped.halfWidth }
    case 'events':
      return { kind: 'events', estimate: stopped.estimate, events: stopped.events }
    case 'above': {
      const { estimate, above, indifference } = stopped
      return { kind: 'above', estimate, above, indifference }
    }
    case 'threshold':
      return { kind: 'threshold', estimate: stopped.estimate, equals: stopped.equals }
    case 'budget':
      return 'budget'
    default:
      return 'max'
  }
}
