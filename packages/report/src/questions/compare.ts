import * as z from 'zod'
import { sweepShape, textQuery, wholeNumber } from '../addressShapes.ts'
import { document, question } from '../question.ts'

/**
 * Compares two sweeps or, without `second`, the trials of each cell before the index `split` with its later trials.
 * With `of`, only this estimate is compared.
 */
export const compare = question({
  path: '/compare',
  summary: 'Compare two sweeps cell by cell, or the first trials of one sweep with its later trials.',
  input: z.object({
    first: sweepShape,
    second: sweepShape.optional(),
    split: wholeNumber.optional(),
    of: textQuery.optional(),
  }),
  form: document('Comparison'),
  takes: 'long',
  inFile: (file, { second }) =>
    file.lacks(
      second === undefined
        ? 'single trials, which a comparison of earlier with later trials needs'
        : 'the data needed for a comparison',
    ),
})
