import { aboutCell } from '../addressShapes.ts'
import { document, question } from '../question.ts'

/** The bounds of Theorem 1 for one cell, beside the measured values. */
export const theorem = question({
  path: '/sweeps/:sweep/cells/:cell/theorem',
  summary:
    'The bounds of Theorem 1 on staying near the minimum, for one cell, beside the estimate. The bounds are ' +
    'computed once and then stored.',
  input: aboutCell,
  form: document('Theorem'),
  inFile: (file, { sweep, cell }) =>
    file.only(
      file.held(sweep).theorem,
      cell,
      'the bounds of Theorem 1 for these cells; only `driftfarm report --theorem` includes bounds',
    ),
})
