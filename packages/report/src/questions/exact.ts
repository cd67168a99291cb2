import { aboutCell } from '../addressShapes.ts'
import { document, question } from '../question.ts'

/** Exact values of one cell, which take about a second. */
export const exact = question({
  path: '/sweeps/:sweep/cells/:cell/exact',
  summary: 'Exact values and asymptotic formulas of a cell, computed once and then stored.',
  input: aboutCell,
  form: document('Oracle'),
  inFile: (file, { sweep, cell }) =>
    file.only(
      file.held(sweep).exact,
      cell,
      'exact values for these cells; only `driftfarm report --oracle` includes exact values',
    ),
})
