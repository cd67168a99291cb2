import { sweepStateNames } from '@driftfarm/spec'
import { oneOf, present, severalOf, word } from './search.ts'

export const sweepOrders = ['newest', 'name', 'state', 'progress', 'worst'] as const

export const sweepsSearch = (raw: Record<string, unknown>) =>
  present({
    /** Words that must occur in the name or id of a sweep. A word with `-` before it must not occur. */
    q: word(raw, 'q'),
    state: severalOf(raw, 'state', sweepStateNames),
    tag: word(raw, 'tag'),
    order: oneOf(raw, 'order', sweepOrders),
  })
export type SweepsSearch = ReturnType<typeof sweepsSearch>
