import type { CellResult } from '@driftfarm/report'
import { canonicalJson } from '@driftfarm/spec'
import { type Answer, agreement, inOrder } from '@driftfarm/statistics'

interface Pair {
  readonly first: Answer
  readonly second: Answer
}

/**
 * Adds the check `agreement` to cells that differ only in their method: each is compared with the direct one or,
 * without a direct one, with the first of them.
 */
export function comparing(cells: readonly CellResult[]): readonly CellResult[] {
  if (!cells.some(({ params }) => 'method' in params)) return cells
  const firsts = new Map<string, CellResult>()
  for (const cell of cells) {
    const key = keyOf(cell)
    if (cell.estimates.escape !== undefined && (cell.params.method === 'direct' || !firsts.has(key)))
      firsts.set(key, cell)
  }
  const pairs = new Map<number, Pair>()
  for (const cell of cells) {
    const other = firsts.get(keyOf(cell))
    const [first, second] = [answerOf(other), answerOf(cell)]
    if (other !== cell && first !== null && second !== null) pairs.set(cell.index, { first, second })
  }
  return cells.map((cell) => {
    const pair = pairs.get(cell.index)
    if (pair === undefined) return cell
    return { ...cell, checks: inOrder([...cell.checks, agreement(pair.first, pair.second, pairs.size)]) }
  })
}

function answerOf(cell: CellResult | undefined): Answer | null {
  const escaping = cell?.estimates.escape
  return escaping === undefined ? null : { by: methodOf(cell!), estimate: escaping }
}

function keyOf({ params }: CellResult): string {
  const { method: _, ...others } = params
  return canonicalJson(others)
}

function methodOf({ params: { method } }: CellResult): string {
  return typeof method === 'string' ? method : (Object.keys(method ?? {})[0] ?? 'the other')
}
