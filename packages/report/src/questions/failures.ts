import { aboutSweep } from '../addressShapes.ts'
import { document, question } from '../question.ts'

export const failures = question({
  path: '/failures',
  summary: 'Failures of the farm or of one sweep, by cause.',
  input: aboutSweep.partial(),
  form: document('Failures'),
  takes: 'prompt',
  inFile: () => ({ causes: [], looked: 0 }),
})
