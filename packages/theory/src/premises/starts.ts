import { runReference } from '@driftfarm/kernel'
import type { Cell, DataTable, Landscape, Start } from '@driftfarm/spec'
import { trialsOf } from './controlCell.ts'
import { bareCell, type Probe } from './probe.ts'

/** The time in nanoseconds that all descents of the starts may take together. */
const enough = 8e7
const usualDescent = 2000
const fewest = 4

/**
 * The points theta at which trials of the cell start, before any warm-up: one where all start at the same point, else
 * 100, drawn from the start law with the common streams of the cell's seed; fewer where trials start with long
 * descents.
 */
export function startsOf(cell: Cell, probe: Probe): readonly Float64Array[] {
  const trials = trialsOf(cell.start)
  const count =
    cell.start.kind === 'descend'
      ? Math.min(trials, Math.max(fewest, Math.floor(enough / (usualDescent * probe.stepCost))))
      : trials
  return startsFrom(cell.start, cell, count, probe)
}

function startsFrom(start: Start, cell: Cell, count: number, probe: Probe): readonly Float64Array[] {
  if (start.kind === 'point') return new Array<Float64Array>(count).fill(Float64Array.from(start.point))
  if (start.kind !== 'descend') return drawn(start, cell, count)
  return startsFrom(start.from, cell, count, probe).map((theta) => probe.descend(theta, start.descent).theta)
}

/** Draws starts. A start law depends on the shape of its network, not on the loss, so the loss is left out. */
function drawn(start: Start, cell: Cell, count: number): readonly Float64Array[] {
  const { dimension } = cell.landscape
  const { landscape, data } = withoutLoss(cell.landscape)
  const standing = { ...bareCell(cell), landscape, start, seed: cell.seed }
  const { theta } = runReference(standing, 0, count, { horizons: [], data, theta: true })
  return Array.from({ length: count }, (_, i) => theta!.slice(i * dimension, (i + 1) * dimension))
}

function withoutLoss(landscape: Landscape): { readonly landscape: Landscape; readonly data: DataTable | null } {
  if (landscape.kind !== 'network') {
    const { dimension } = landscape
    const flat = {
      kind: 'formula',
      variables: null,
      parameters: [],
      expression: 'x[1]',
      data: null,
      batch: null,
    } as const
    return { landscape: { ...flat, dimension }, data: null }
  }
  const columns = landscape.layers[0]! + landscape.layers.at(-1)!
  const { hash } = landscape.data
  return {
    landscape: { ...landscape, data: { hash, rows: 1 } },
    data: { hash, rows: 1, columns, values: new Float64Array(columns) },
  }
}
