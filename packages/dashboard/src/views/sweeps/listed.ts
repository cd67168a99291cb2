import type { SweepListData } from '@driftfarm/report'
import { sweepStateNames } from '@driftfarm/spec'
import * as z from 'zod'
import { shareOf } from '../../parts/format.ts'
import { oneOf, severalOf, word } from '../../parts/search.ts'

export const sweepOrders = ['newest', 'name', 'state', 'progress', 'worst'] as const

export const sweepsSearch = z.object({
  q: word,
  state: severalOf(sweepStateNames),
  tag: word,
  order: oneOf(sweepOrders),
})
export type SweepsSearch = z.infer<typeof sweepsSearch>

export type Listed = SweepListData['sweeps'][number]

/** Each word of the query must occur in the name or id. A word with `-` before it must not occur. */
export function matches({ name, id, state, tags }: Listed, search: SweepsSearch): boolean {
  const words = (search.q ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const text = `${name.toLowerCase()} ${id}`
  const named = words.every((word) =>
    word.startsWith('-') && word.length > 1 ? !text.includes(word.slice(1)) : text.includes(word),
  )
  const stated = search.state === undefined || search.state.includes(state)
  const [key, value] = (search.tag ?? '').split(':')
  const tagged = !key || (key in tags && (value === undefined || tags[key] === value))
  return named && stated && tagged
}

export function inOrder(sweeps: readonly Listed[], order: SweepsSearch['order']): readonly Listed[] {
  const share = ({ trialsDone, trialsRequested }: Listed) => shareOf(trialsDone, trialsRequested)
  const by = {
    newest: null,
    name: (a: Listed, b: Listed) => a.name.localeCompare(b.name),
    state: (a: Listed, b: Listed) => a.state.localeCompare(b.state),
    progress: (a: Listed, b: Listed) => share(a) - share(b),
    worst: (a: Listed, b: Listed) => (b.worst?.relative ?? -1) - (a.worst?.relative ?? -1),
  }[order ?? 'newest']
  return by === null ? sweeps : [...sweeps].sort(by)
}
