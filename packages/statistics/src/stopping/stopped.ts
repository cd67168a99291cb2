import type { StopRule } from '@driftfarm/spec'

/** What ended a cell: its number of trials, its maximum of them, the sweep's budget, or the rule that was met. */
export type Stopped =
  | { readonly rule: 'trials' }
  | { readonly rule: 'max' }
  | { readonly rule: 'budget' }
  | { readonly rule: 'relative'; readonly estimate: string; readonly relative: number }
  | { readonly rule: 'halfWidth'; readonly estimate: string; readonly halfWidth: number }
  | { readonly rule: 'events'; readonly estimate: string; readonly events: number }
  /** By the event of `method: gbas`. */
  | { readonly rule: 'gbas'; readonly estimate: string; readonly relative: number; readonly events: number }
  | {
      readonly rule: 'above'
      readonly estimate: string
      readonly above: number
      readonly indifference: number
      /** On which side of `above` the probability lies. */
      readonly decision: 'above' | 'below'
    }

/** What a decision found beside the rule itself. */
export interface Found {
  readonly side?: 'above' | 'below'
  readonly event?: { readonly nth: number }
}

/** The `stopped` of a cell result. */
export function stoppedBy(by: 'trials' | 'max' | 'budget' | StopRule, { side, event }: Found = {}): Stopped {
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
      return { rule: 'above', estimate, above: by.above, indifference: by.indifference, decision: side! }
  }
}

/** The rule that a document names. */
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
    case 'budget':
      return 'budget'
    default:
      return 'max'
  }
}
