import type { CellResult } from '@driftfarm/report'
import { canonicalJson } from '@driftfarm/spec'
import { agreement } from '@driftfarm/statistics'

/** Cells that are the same but for their method are checked against each other. */
export function comparing(cells: readonly CellResult[]): readonly CellResult[] {
  if (!cells.some(({ params }) => 'method' in params)) return cells
  const direct = new Map<string, CellResult>()
  for (const cell of cells) if (cell.params.method === 'direct') direct.set(keyOf(cell), cell)
  return cells.map((cell) => {
    const other = cell.params.method === 'direct' ? undefined : direct.get(keyOf(cell))
    const first = other?.estimates.escape
    const second = cell.estimates.escape
    if (first === undefined || second === undefined) return cell
    return { ...cell, checks: [...cell.checks, agreement(first, second, ['direct', methodOf(cell)])] }
  })
}

function keyOf({ params }: CellResult): string {
  const { method: _, ...others } = params
  return canonicalJson(others)
}

function methodOf({ params: { method } }: CellResult): string {
  return typeof method === 'string' ? method : (Object.keys(method ?? {})[0] ?? 'the other')
}
