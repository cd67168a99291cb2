import { aboutSweep } from '../addressShapes.ts'
import { document, question } from '../question.ts'

export const status = question({
  path: '/sweeps/:sweep',
  summary: 'Status of a sweep.',
  input: aboutSweep,
  form: document('Status'),
  takes: 'prompt',
  inFile: (file, { sweep }) => file.held(sweep).status,
})
