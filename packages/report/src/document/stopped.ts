import type { Stopped } from '@driftfarm/statistics'

/** The reason why a cell stopped, in a few words. */
export function stoppedText(stopped: Stopped | null): string {
  if (stopped === null) return 'open'
  switch (stopped.rule) {
    case 'trials':
    case 'max':
    case 'budget':
    case 'unvisited':
      return stopped.rule
    case 'relative':
      return `relative half-width of ${stopped.estimate} at most ${stopped.relative}`
    case 'halfWidth':
      return `half-width of ${stopped.estimate} at most ${stopped.halfWidth}`
    case 'events':
      return `${stopped.events} × ${stopped.estimate}`
    case 'gbas':
      return `${stopped.events} × ${stopped.estimate} (gbas)`
    case 'above':
      return `${stopped.estimate} ${stopped.decision} ${stopped.above}`
    case 'threshold':
      return `${stopped.estimate} ${stopped.decision === 'undecided' ? 'about' : stopped.decision} ${stopped.equals}`
  }
}
