import * as z from 'zod'
import { cellList, sweepShape } from '../addressShapes.ts'
import type { CellsData } from '../document/cells.ts'
import { document, question } from '../question.ts'

/** All cells, or the listed ones, with the data that a map shows. */
export const cells = question({
  path: '/sweeps/:sweep/cells',
  summary: 'The values that a map shows: for each quantity, an array with one entry per cell.',
  input: z.object({ sweep: sweepShape, cells: cellList.optional() }),
  form: document('Cells'),
  inFile(file, { sweep, cells: indices }) {
    const { cells } = file.held(sweep)
    return indices === undefined ? cells : chosen(cells, new Set(indices))
  },
})

function chosen(cells: CellsData, wanted: ReadonlySet<number>): CellsData {
  const places = cells.index.flatMap((index, at) => (wanted.has(index) ? [at] : []))
  const some = <T>(list: readonly T[]): T[] => places.map((at) => list[at]!)
  return {
    ...cells,
    index: some(cells.index),
    state: some(cells.state),
    trials: some(cells.trials),
    shared: some(cells.shared),
    doubt: some(cells.doubt),
    params: mapped(cells.params, some),
    estimates: mapped(cells.estimates, ({ value, low, high }) => ({
      value: some(value),
      low: some(low),
      high: some(high),
    })),
  }
}

const mapped = <From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
