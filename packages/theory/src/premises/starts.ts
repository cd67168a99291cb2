import { runReference } from '@driftfarm/kernel'
import type { Cell, DataTable, Landscape, Start } from '@driftfarm/spec'
import { BudgetExceeded } from './budget.ts'
import { trialsOf } from './controlCell.ts'
import { bareCell, descendWithin, type Probe } from './probe.ts'

/** The host time in nanoseconds to draw one coordinate. */
const perCoordinate = 300
const fewest = 4

/**
 * Returns the points at which trials start, before any warm-up: one point if all trials start there, else up to 100
 * points. The points are drawn with the common streams of the cell's seed. If it would take more than `allowance`
 * nanoseconds to draw 100 points or to descend to them, fewer points are returned. Throws BudgetExceeded if not even
 * the first start can be found within `allowance`.
 */
export function startsOf(cell: Cell, probe: Probe, allowance: number): readonly Float64Array[] {
  const affordable = Math.floor(allowance / (perCoordinate * cell.landscape.dimension))
  const count = Math.min(trialsOf(cell.start), Math.max(fewest, affordable))
  const starts = startsFrom(cell.start, cell, count, { probe, stepsLeft: Math.floor(allowance / probe.stepCost) })
  if (starts.length === 0) throw new BudgetExceeded('the descent to the first start')
  return starts
}

interface DescentBudget {
  readonly probe: Probe
  stepsLeft: number
}

function startsFrom(start: Start, cell: Cell, count: number, budget: DescentBudget): readonly Float64Array[] {
  if (start.kind === 'point') return new Array<Float64Array>(count).fill(Float64Array.from(start.point))
  if (start.kind !== 'descend') return drawn(start, cell, count)
  const ends: Float64Array[] = []
  for (const theta of startsFrom(start.from, cell, count, budget)) {
    const end = descendWithin(budget.probe, theta, start.descent, budget.stepsLeft)
    budget.stepsLeft -= end.steps
    if (end.cut) break
    ends.push(end.theta)
  }
  return ends
}

/** The start distribution depends on the shape of the network, not on the loss, so the loss is omitted. */
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
