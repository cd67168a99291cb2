import { aboutSweep, cellList } from '../addressShapes.ts'
import { type CellsData, withColumns } from '../document/cells.ts'
import { document, question } from '../question.ts'

/** All cells, or the listed ones, with the data that a map shows. */
export const cells = question({
  path: '/sweeps/:sweep/cells',
  summary: 'The values that a map shows: for each quantity, an array with one entry per cell.',
  input: aboutSweep.extend({ cells: cellList.optional() }),
  form: document('Cells'),
  inFile(file, { sweep, cells: indices }) {
    const { cells } = file.held(sweep)
    return indices === undefined ? cells : chosen(cells, new Set(indices))
  },
})

function chosen(cells: CellsData, wanted: ReadonlySet<number>): CellsData {
  const places = cells.index.flatMap((index, at) => (wanted.has(index) ? [at] : []))
  return withColumns([cells], ([column]) => places.map((at) => column![at]))
}
