import { aboutSweep } from '../addressShapes.ts'
import type { Origins } from '../file/contents.ts'
import { plain, question } from '../question.ts'

export const origins = question({
  path: '/sweeps/:sweep/spec',
  summary: 'The spec as it was submitted, and the time of its submission.',
  input: aboutSweep,
  form: plain<Origins>('Origins'),
  inFile: (file, { sweep }) => file.held(sweep).origins,
})
