import { aboutCell } from '../addressShapes.ts'
import { whyText } from '../document/cell.ts'
import { document, question } from '../question.ts'

export const cell = question({
  path: '/sweeps/:sweep/cells/:cell',
  summary: 'One cell with its results, checks and status.',
  input: aboutCell,
  form: document('Cell'),
  inFile(file, { sweep, cell: place }) {
    const contents = file.held(sweep)
    const cell = file.cellAt(contents, place)
    const at = contents.cells.index.indexOf(cell.index)
    const curve = contents.curves?.data.cells.find(({ index }) => index === cell.index)
    const resolved = (file.resolved(contents, cell)?.cell ?? {}) as unknown as Readonly<Record<string, unknown>>
    const known = { cell, state: contents.cells.state[at] ?? 'open', otherSweeps: [], resolved } as const
    return {
      sweep: contents.results.data.sweep,
      ...known,
      why: whyText(known, null),
      data: null,
      ...(curve && { curve }),
    }
  },
})
