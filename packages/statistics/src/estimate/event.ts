import { printEstimate } from '@driftfarm/spec'
import { countOf } from './count.ts'
import type { Entry } from './entry.ts'
import { probability } from './probability.ts'
import { undecidedOf } from './undecided.ts'

export const event: Entry = {
  make: (name, { tally, layout, guard, trial }) => {
    if (!event.isIn(name, tally)) return null
    const of = printEstimate(name)
    const events = countOf(of, tally, layout)
    return probability({ of, events, trials: tally.trials, guard, undecided: undecidedOf(name, tally, trial) })
  },
  // Earlier versions did not count `stay`.
  isIn: ({ kind, horizon }, tally) => {
    if (kind !== 'stay') return true
    if (horizon === null) return tally.joint !== undefined
    return tally.horizons.find((each) => each.horizon === horizon)?.departed !== undefined
  },
  fit: 'binomial',
}

export const escaping: Entry = { ...event, saysWhichEscape: true }
