import { aboutSweep } from '../addressShapes.ts'
import type { NamesakeParts } from '../document/sweepList.ts'
import { plain, question } from '../question.ts'

/** The sweeps with the same name as this one, including this one; empty if no other sweep has the name. */
export const namesakes = question({
  path: '/sweeps/:sweep/namesakes',
  summary: 'The sweeps that share the name of this sweep, and the settings in which they differ.',
  input: aboutSweep,
  form: plain<readonly NamesakeParts[]>('Namesakes'),
  takes: 'prompt',
  inFile: () => [],
})
