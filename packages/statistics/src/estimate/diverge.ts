import { ends } from '@driftfarm/kernel'
import { event, type RecordTest } from '../evidence/event.ts'

const diverged = ends.indexOf('diverged')

export const divergedBy = (words: DataView, at: number, by: RecordTest): boolean =>
  words.getUint8(at) === diverged && by(words, at + 24)

export const diverge = event({
  count: ({ ends }) => ends[diverged],
  countBy: (by) => by.diverged,
  had: ({ end, steps }, by) => end === 'diverged' && by(steps),
  inRecord: (_, __, by) => (words, at) => divergedBy(words, at, by),
})
