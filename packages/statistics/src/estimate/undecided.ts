import type { Tally } from '@driftfarm/kernel'
import type { EstimateName } from '@driftfarm/spec'
import type { Events } from './defined.ts'
import { noneUndecided, type Undecided } from './probability.ts'

/**
 * How many trials are undecided for a probability because a descent ran out of steps. A basin escape that was not
 * detected counts as staying; a quench that did not arrive counts as not settled.
 */
export function undecidedOf({ kind }: EstimateName, { unreached = 0 }: Tally, events: Events | undefined): Undecided {
  if (unreached === 0 || events === undefined) return noneUndecided
  switch (kind) {
    case 'escape':
    case 'exit':
      return events.escape?.kind === 'basin' ? { without: unreached, within: 0 } : noneUndecided
    case 'stay':
      return events.escape?.kind === 'basin' ? { without: 0, within: unreached } : noneUndecided
    case 'settle':
      return events.quench === null ? noneUndecided : { without: unreached, within: 0 }
    default:
      return noneUndecided
  }
}

/** How many trials may have escaped although no look at their basin decided it, at any step from their first on. */
export const mayHaveEscaped = (tally: Tally, events: Events | undefined): number =>
  undecidedOf({ kind: 'escape', name: '', horizon: null }, tally, events).without
