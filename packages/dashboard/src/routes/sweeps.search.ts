import { sweepStateNames } from '@driftfarm/spec'
import { oneOf, present, severalOf, word } from './search.ts'

export const sweepOrders = ['newest', 'name', 'state', 'progress', 'worst'] as const

/** What the list of sweeps shows. */
export const sweepsSearch = (raw: Record<string, unknown>) =>
  present({
    /** Names that have this in them; with `-` before it those that have not. */
    q: word(raw, 'q'),
    state: severalOf(raw, 'state', sweepStateNames),
    tag: word(raw, 'tag'),
    order: oneOf(raw, 'order', sweepOrders),
  })
export type SweepsSearch = ReturnType<typeof sweepsSearch>
