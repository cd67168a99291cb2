import { aboutCell, wholeNumber } from '../addressShapes.ts'
import type { RowRecord } from '../document/rows.ts'
import { plain, question } from '../question.ts'

export const keptRows = question({
  path: '/sweeps/:sweep/cells/:cell/rows',
  summary: 'The first recorded rows of a cell.',
  input: aboutCell.extend({
    count: wholeNumber.refine((count) => count >= 1 && count <= 1000, 'must be from 1 to 1000').default(100),
  }),
  form: plain<readonly RowRecord[]>('Rows'),
  inFile: (file) => file.lacks('rows'),
})
