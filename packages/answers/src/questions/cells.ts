import { type SlimCell, type SweepHead, slimCells, snapshotOf, sweepHead } from '@driftfarm/database'
import { type CellsData, finite, integer } from '@driftfarm/report'
import type { Answering } from '../answering.ts'

export const cells: Answering<'cells'> = ({ database }, { sweep, cells: indices = null }) =>
  snapshotOf(database, async (reading) => {
    const head = await sweepHead(reading, sweep)
    return cellsData(head, await slimCells(reading, head, indices))
  })

const doubts = [null, 'doubtful', 'wrong'] as const

/** Slim cells as columns. */
export function cellsData(head: SweepHead, cells: readonly SlimCell[]): CellsData {
  const { id, name, state, version, axes, method } = head
  const estimates: Record<string, Record<'value' | 'low' | 'high', (number | null)[]>> = {}
  for (const { of, key, field, at } of head.columns ?? []) {
    if (of !== 'estimates' || field === undefined || at === undefined) continue
    estimates[key] ??= { value: [], low: [], high: [] }
    estimates[key][field] = cells.map(({ numbers }) => finite(numbers?.[at - 1]))
  }
  return {
    sweep: { id, name, state, ...(method && { method }) },
    version,
    total: head.cells,
    index: cells.map(({ index }) => index),
    state: cells.map((cell) => cell.state),
    trials: cells.map(({ trials }) => integer(trials)),
    shared: cells.map(({ shared }) => (shared ? 1 : 0)),
    doubt: cells.map(({ doubt }) => doubts[doubt]),
    params: Object.fromEntries(axes.map((path) => [path, cells.map(({ params }) => params[path])])),
    estimates,
  }
}
