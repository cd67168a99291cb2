import { event } from '../evidence/event.ts'

export const escape = event(
  {
    count: ({ escaped }) => escaped,
    countBy: ({ escaped }) => escaped,
    had: ({ escapedAt }, by) => by(escapedAt),
    inRecord: (_, __, by) => (words, at) => by(words, at + 8),
  },
  { saysWhichEscape: true, undecided: (events) => (events.escape?.kind === 'basin' ? 'without' : null) },
)
