import * as z from 'zod'
import { document, question } from '../question.ts'

/** Newest first. */
export const sweeps = question({
  path: '/sweeps',
  summary: 'List of sweeps, newest first.',
  input: z.object({}),
  form: document('SweepList'),
  takes: 'prompt',
  inFile: ({ sweeps }) => ({ sweeps: sweeps.map(({ listed }) => listed) }),
})
