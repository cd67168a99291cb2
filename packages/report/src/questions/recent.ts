import { aboutSweep } from '../addressShapes.ts'
import { document, question } from '../question.ts'

export const recent = question({
  path: '/recent',
  summary: 'The activity of the farm or of one sweep in the last ten minutes.',
  input: aboutSweep.partial(),
  form: document('Recent'),
  inFile: (file) => file.lacks('the recent activity of a farm'),
})
