import { aboutCell, wholeNumber } from '../addressShapes.ts'
import type { PathsData } from '../figure/ground.ts'
import { plain, question } from '../question.ts'

export const trajectory = question({
  path: '/sweeps/:sweep/cells/:cell/trials/:trial/trajectory',
  summary: 'The path of one trial: at most 2,000 of its states, evenly spaced.',
  input: aboutCell.extend({ trial: wholeNumber }),
  form: plain<PathsData>('Paths'),
  inFile: (file, { sweep, cell, trial }) => file.paths(sweep, cell, [trial]),
})
