import { runReference } from '@driftfarm/kernel'
import type { Cell, DataTable, Landscape, Start } from '@driftfarm/spec'
import { BudgetExceeded } from './budget.ts'
import { trialsOf } from './controlCell.ts'
import { bareCell, descendWithin, type Probe } from './probe.ts'

/** The host time in nanoseconds to draw one coordinate. */
const perCoordinate = 300
const fewest = 4

/**
 * Returns the points theta at which trials of the cell start, before any warm-up. There is one point if all trials
 * start at the same point; otherwise there are 100, drawn from the start distribution with the common streams of the
 * cell's seed. If trials start with long descents, there are fewer points, because the descents together may take at
 * most `allowance` nanoseconds. Throws BudgetExceeded if not even the first start can be found within `allowance`.
 */
export function startsOf(cell: Cell, probe: Probe, allowance: number): readonly Float64Array[] {
  const affordable = Math.floor(allowance / (perCoordinate * cell.landscape.dimension))
  const count = Math.min(trialsOf(cell.start), Math.max(fewest, affordable))
  const starts = startsFrom(cell.start, cell, count, { probe, left: Math.floor(allowance / probe.stepCost) })
  if (starts.length === 0) throw new BudgetExceeded('the descent to the first start')
  return starts
}

/** A probe, and the remaining number of descent steps. */
interface DescentBudget {
  readonly probe: Probe
  left: number
}

function startsFrom(start: Start, cell: Cell, count: number, budget: DescentBudget): readonly Float64Array[] {
  if (start.kind === 'point') return new Array<Float64Array>(count).fill(Float64Array.from(start.point))
  if (start.kind !== 'descend') return drawn(start, cell, count)
  const ends: Float64Array[] = []
  for (const theta of startsFrom(start.from, cell, count, budget)) {
    const end = descendWithin(budget.probe, theta, start.descent, budget.left)
    budget.left -= end.steps
    if (end.cut) break
    ends.push(end.theta)
  }
  return ends
}

/**
 * Draws starts. The start distribution depends on the shape of the network, not on the loss, so the loss is omitted.
 */
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
