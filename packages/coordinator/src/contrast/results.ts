import {
  type ContrastRow,
  type Database,
  type Prefix,
  prefixesOf,
  type SweepHead,
  storedContrasts,
} from '@driftfarm/database'
import { type ContrastResult, contrastResult } from '@driftfarm/report'
import { orderKeys } from '../order.ts'
import { contrastNow } from './estimate.ts'
import { comparedCells } from './pairs.ts'
import { keyOf, keyOfCells } from './settle.ts'

/** The contrasts of a sweep in order: those of ended cells as they are stored, others from the newest tallies and bits. */
export async function contrastsOf(
  database: Database,
  head: SweepHead,
  prefixes: readonly Prefix[],
): Promise<ContrastResult[]> {
  if (head.demand.contrasts.length === 0) return []
  const stored = new Map((await storedContrasts(database, head.id)).map((row) => [keyOf(row), row]))
  const compared = comparedCells(head.demand, prefixes)
  const missing = compared.some((cells) => !stored.has(keyOfCells(cells)))
  // Histograms and canonical texts are most of the bytes; only what is made anew needs them.
  const whole = missing ? comparedCells(head.demand, await prefixesOf(database, head.id, { whole: true })) : []
  const results: ContrastResult[] = []
  for (const [at, cells] of compared.entries()) {
    const row: ContrastRow | null =
      stored.get(keyOfCells(cells)) ?? (await contrastNow(database, head, whole[at]!, compared.length))
    if (row === null) continue
    const params = orderKeys(cells.first.params, head.axes)
    const other = cells.second.params
    results.push(
      contrastResult(head.demand.contrasts[row.place]!, [row.first, row.second], [params, other], row.estimate),
    )
  }
  return results
}
