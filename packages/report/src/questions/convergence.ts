import { aboutSweep, cellList, textQuery } from '../addressShapes.ts'
import type { ConvergenceData } from '../figure/ground.ts'
import { plain, question } from '../question.ts'

/** For each listed cell, the probability of an event and its interval at increasing numbers of trials. */
export const convergence = question({
  path: '/sweeps/:sweep/convergence',
  summary: 'How the interval of an estimate narrowed with the number of trials, for the given cells.',
  input: aboutSweep.extend({ of: textQuery.default('escape'), cells: cellList }),
  form: plain<ConvergenceData>('Convergence'),
  inFile: (file) => file.lacks('the history of an interval'),
})
