import { event } from '../evidence/event.ts'

export const exit = event(
  {
    count: ({ exits }, layout, name) => exits[layout.exits.indexOf(name)],
    countBy: ({ exits }, { layout, name }) => exits[layout.exits.indexOf(name)],
    had: ({ exit, escapedAt }, by, name) => exit === name && by(escapedAt),
    inRecord: (layout, name, by) => {
      const exit = layout.exits.indexOf(name) + 1
      return exit === 0 ? undefined : (words, at) => words.getUint8(at + 1) === exit && by(words, at + 8)
    },
  },
  { saysWhichEscape: true, undecided: (events) => (events.escape?.kind === 'basin' ? 'without' : null) },
)
