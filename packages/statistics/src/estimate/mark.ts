import { event } from '../evidence/event.ts'

export const mark = event({
  count: ({ marks }, layout, name) => marks[layout.marks.indexOf(name)],
  countBy: ({ marks }, { layout, name }) => marks[layout.marks.indexOf(name)],
  had: ({ marks }, by, name) => by(marks[name]),
  inRecord: ({ marks }, name, by) => {
    const mark = marks.indexOf(name)
    return mark < 0 ? undefined : (words, at) => by(words, at + 48 + 8 * mark)
  },
})
