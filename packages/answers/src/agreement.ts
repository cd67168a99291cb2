import { lightPages, type ReadSource, type SweepHead } from '@driftfarm/database'
import type { CellResult } from '@driftfarm/report'
import { canonicalJson } from '@driftfarm/spec'
import { agreement, inOrder, type MethodEstimate } from '@driftfarm/statistics'
import { cellsIn, estimatesNow } from './prefix.ts'

interface Group {
  first: { readonly index: number; readonly answer: MethodEstimate }
  answers: number
}

/**
 * Returns a function that adds the check `agreement` to cells that differ only in their method. Each such cell is
 * compared with the direct cell or, if no cell is direct, with the first cell. If the method is swept, all cells are
 * read once beforehand, to find the direct cells and to count the compared pairs. The strictness of the check depends
 * on this count.
 */
export async function withAgreementCheck(
  reading: ReadSource,
  head: SweepHead,
): Promise<(cell: CellResult) => CellResult> {
  if (!head.axes.includes('method')) return (cell) => cell
  const groups = new Map<string, Group>()
  for await (const prefix of cellsIn(lightPages(reading, head))) {
    const { escape: escaping } = estimatesNow(prefix)
    if (escaping === undefined) continue
    const first = { index: prefix.index, answer: { by: methodOf(prefix.params), estimate: escaping } }
    const key = keyOf(prefix.params)
    const group = groups.get(key) ?? { first, answers: 0 }
    group.answers++
    if (prefix.params.method === 'direct') group.first = first
    groups.set(key, group)
  }
  let pairs = 0
  for (const { answers } of groups.values()) pairs += answers - 1
  return (cell) => {
    const { index, params, estimates, checks } = cell
    const other = groups.get(keyOf(params))?.first
    if (other === undefined || other.index === index || estimates.escape === undefined) return cell
    const check = agreement(other.answer, { by: methodOf(params), estimate: estimates.escape }, pairs)
    return { ...cell, checks: inOrder([...checks, check]) }
  }
}

function keyOf(params: CellResult['params']): string {
  const { method: _, ...others } = params
  return canonicalJson(others)
}

function methodOf({ method }: CellResult['params']): string {
  return typeof method === 'string' ? method : (Object.keys(method ?? {})[0] ?? 'the other method')
}
