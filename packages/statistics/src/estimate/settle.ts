import { event, indexOrOther, ofCode } from '../evidence/event.ts'

/** A quench that did not reach its tolerance counts as not settled. */
export const settle = event(
  {
    count: ({ settled }, { minima }, name) => settled[indexOrOther(minima, name)],
    had: ({ settled }, _, name) => settled === name,
    inRecord: ({ minima }, name) => ofCode(minima, name, 2),
  },
  { undecided: (events) => (events.quench === null ? null : 'without') },
)
