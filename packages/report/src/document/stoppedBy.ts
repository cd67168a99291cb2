import type { StopRule } from '@driftfarm/spec'
import type { Stopped } from './results.ts'

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

/** In a word or two, for people. */
export function stoppedText(stopped: Stopped | null): string {
  if (stopped === null) return 'open'
  switch (stopped.rule) {
    case 'trials':
    case 'max':
    case 'budget':
      return stopped.rule
    case 'relative':
      return `${stopped.estimate} to ${stopped.relative} relative`
    case 'halfWidth':
      return `${stopped.estimate} to ±${stopped.halfWidth}`
    case 'events':
      return `${stopped.events} × ${stopped.estimate}`
    case 'gbas':
      return `${stopped.events} × ${stopped.estimate} (gbas)`
    case 'above':
      return `${stopped.estimate} ${stopped.decision} ${stopped.above}`
  }
}
