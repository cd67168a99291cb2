import { event } from '../evidence/event.ts'

export const converge = event({
  count: ({ convergeHistogram }) => convergeHistogram.reduce((sum, [, count]) => sum + count, 0),
  countBy: ({ converged }) => converged,
  had: ({ convergedAt }, by) => by(convergedAt),
  inRecord: (_, __, by) => (words, at) => by(words, at + 16),
})
