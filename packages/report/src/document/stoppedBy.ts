import type { StopRule } from '@driftfarm/spec'
import type { Stopped } from './results.ts'

/** The `stopped` of a cell result. */
export function stoppedBy(by: 'trials' | 'max' | StopRule): Stopped {
  if (typeof by === 'string') return { rule: by }
  switch (by.kind) {
    case 'relative':
      return { rule: 'relative', estimate: by.estimate, relative: by.relative }
    case 'halfWidth':
      return { rule: 'halfWidth', estimate: by.estimate, halfWidth: by.halfWidth }
    case 'events':
      return { rule: 'events', estimate: by.estimate, events: by.events }
  }
}

/** In a word or two, for people. */
export function stoppedText(stopped: Stopped | null): string {
  if (stopped === null) return 'open'
  switch (stopped.rule) {
    case 'trials':
    case 'max':
      return stopped.rule
    case 'relative':
      return `${stopped.estimate} to ${stopped.relative} relative`
    case 'halfWidth':
      return `${stopped.estimate} to ±${stopped.halfWidth}`
    case 'events':
      return `${stopped.events} × ${stopped.estimate}`
  }
}
