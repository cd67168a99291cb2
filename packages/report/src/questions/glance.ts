import { aboutSweep } from '../addressShapes.ts'
import { type GlanceData, glanceData, glanceGrid } from '../document/glance.ts'
import { plain, question } from '../question.ts'

/** A small picture of a sweep, for a list of sweeps. */
export const glance = question({
  path: '/sweeps/:sweep/glance',
  summary: 'At most 24 x 24 values of the leading estimate, for a small picture of the sweep.',
  input: aboutSweep,
  form: plain<GlanceData>('Glance'),
  takes: 'prompt',
  inFile(file, { sweep }) {
    const { cells, listed } = file.held(sweep)
    const name = listed.worst?.estimate ?? Object.keys(cells.estimates)[0] ?? 'escape'
    const places = new Map(cells.index.map((index, at) => [index, at]))
    const grid = glanceGrid(listed.axes ?? [], cells.total)
    return glanceData(name, grid, (index) => cells.estimates[name]?.value[places.get(index) ?? -1])
  },
})
