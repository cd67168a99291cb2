import type { Tally } from '@driftfarm/kernel'
import type { EstimateName } from '@driftfarm/spec'
import type { Events } from './defined.ts'
import { noneUndecided, type Undecided } from './probability.ts'

/**
 * How many trials a descent that ran out of steps left undecided, as far as the probability goes: an escape from a
 * basin that was not seen counts as a stay, a quench that did not arrive as settled nowhere.
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
