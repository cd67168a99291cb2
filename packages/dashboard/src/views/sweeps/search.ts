import { sweepStateNames } from '@driftfarm/spec'
import { oneOf, present, severalOf, word } from '../../parts/search.ts'

export const sweepOrders = ['newest', 'name', 'state', 'progress', 'worst'] as const

export const sweepsSearch = (raw: Record<string, unknown>) =>
  present({
    q: word(raw, 'q'),
    state: severalOf(raw, 'state', sweepStateNames),
    tag: word(raw, 'tag'),
    order: oneOf(raw, 'order', sweepOrders),
  })
export type SweepsSearch = ReturnType<typeof sweepsSearch>
