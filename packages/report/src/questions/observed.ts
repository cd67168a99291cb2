import { aboutSweep, cellList } from '../addressShapes.ts'
import { documentWithWarnings, question } from '../question.ts'

/** The observed values of all cells, or of the listed ones: means, quantiles and histograms, with series. */
export const observed = question({
  path: '/sweeps/:sweep/observed',
  summary: 'The observed values of cells, at their times and as series: means, quantiles and histograms.',
  input: aboutSweep.extend({ cells: cellList.optional() }),
  form: documentWithWarnings('Observed'),
  inFile(file, { sweep, cells: among }) {
    const { data, warnings } = file.held(sweep).observed ?? file.lacks('observed values')
    const cells = among === undefined ? data.cells : data.cells.filter(({ index }) => among.includes(index))
    return { data: { ...data, cells }, warnings }
  },
})
