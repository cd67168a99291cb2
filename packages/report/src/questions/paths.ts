import { aboutSweep, cellList, wholeNumber } from '../addressShapes.ts'
import type { PathsData } from '../figure/ground.ts'
import { plain, question } from '../question.ts'

/** Trials of a cell, replayed step by step. */
export const paths = question({
  path: '/sweeps/:sweep/paths',
  summary: 'The paths of several trials of a cell, with the landscape around them.',
  input: aboutSweep.extend({ cell: wholeNumber, trials: cellList }),
  form: plain<PathsData>('Paths'),
  inFile: (file, { sweep, cell, trials }) => file.paths(sweep, String(cell), trials),
})
