import { event } from '../evidence/event.ts'
import { divergedBy } from './diverge.ts'
import { countWhere } from './joint.ts'

/** Neither an escape nor a divergence. */
export const stay = event(
  {
    count: (tally, layout) => countWhere(tally, layout, ({ escaped, end }) => !escaped && end !== 'diverged'),
    countBy: ({ departed }, { tally }) => tally.trials - departed,
    had: ({ escapedAt, end, steps }, by) => !by(escapedAt) && !(end === 'diverged' && by(steps)),
    inRecord: (_, __, by) => (words, at) => !by(words, at + 8) && !divergedBy(words, at, by),
  },
  { undecided: (events) => (events.escape?.kind === 'basin' ? 'within' : null) },
)
