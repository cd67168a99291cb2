import * as z from 'zod'
import { aboutSweep, textQuery } from '../addressShapes.ts'
import { documentWithWarnings, question } from '../question.ts'

/**
 * Fits a formula such as `log(escapeRate) ~ 1/T + log(T)` to the cells of one method. With `by`, makes a separate fit
 * for each value of an axis. The default method is the first of `direct`, `splitting` and `tilt` that any cell uses.
 */
export const fit = question({
  path: '/sweeps/:sweep/fit',
  summary: 'A fit over the cells, such as log(escapeRate) ~ 1/T.',
  input: aboutSweep.extend({
    formula: textQuery,
    method: z.enum(['direct', 'splitting', 'tilt']).optional(),
    by: textQuery.optional(),
    where: textQuery.optional(),
  }),
  form: documentWithWarnings('Fit'),
  inFile: (file) => file.lacks('the data needed for a fit'),
})
