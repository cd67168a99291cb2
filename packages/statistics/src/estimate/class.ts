import { event, indexOrOther, ofCode } from '../evidence/event.ts'

const ofClass = event({
  count: (tally, { classes }, name) => tally.classes[indexOrOther(classes, name)],
  had: (outcome, _, name) => outcome.class === name,
  inRecord: ({ classes }, name) => ofCode(classes, name, 4),
})

export { ofClass as class }
