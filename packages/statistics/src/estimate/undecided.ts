import type { Tally } from '@driftfarm/kernel'
import type { EstimateName } from '@driftfarm/spec'
import type { Events } from './defined.ts'
import { noneUndecided, type Undecided } from './probability.ts'

/**
 * Trials are undecided if a descent ran out of steps. If the descent should have shown whether the trial left its
 * basin, the tally counts the trial as not escaped. A quench that did not reach its tolerance counts as not settled.
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

/** Number of trials whose escape is unknown. They may have escaped at any step. */
export const mayHaveEscaped = (tally: Tally, events: Events | undefined): number =>
  undecidedOf({ kind: 'escape', name: '', horizon: null }, tally, events).without
