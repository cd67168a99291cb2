import * as z from 'zod'
import { document, question } from '../question.ts'

export const farm = question({
  path: '/farm',
  summary: 'The coordinators, workers, queue and database of the farm, and what the workers compute.',
  input: z.object({}),
  form: document('Farm'),
  takes: 'prompt',
  inFile: (file) => file.lacks('the state of a farm'),
})
