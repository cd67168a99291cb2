import {
  contrastNow,
  type Database,
  type Prefix,
  prefixesOf,
  type SweepHead,
  storedContrasts,
} from '@driftfarm/database'
import { type ContrastResult, contrastResult } from '@driftfarm/report'
import { comparedCells, keyOf, keyOfCells, StatisticsError } from '@driftfarm/statistics'
import { orderKeys } from '../order.ts'

/**
 * The contrasts of a sweep, in order. Those of ended cells are as stored; the others are made from the newest tallies
 * and event bits.
 */
export async function contrastsOf(
  database: Database,
  head: SweepHead,
  prefixes: readonly Prefix[],
): Promise<ContrastResult[]> {
  if (head.demand.contrasts.length === 0) return []
  const stored = new Map((await storedContrasts(database, head.id)).map((row) => [keyOf(row), row]))
  const compared = comparedCells(head.demand.contrasts, prefixes)
  const missing = compared.some((cells) => !stored.has(keyOfCells(cells)))
  // Histograms and canonical texts make up most of the bytes; they are read only if a contrast must be made anew.
  const whole = missing ? comparedCells(head.demand.contrasts, await prefixesOf(database, head)) : []
  const results: ContrastResult[] = []
  for (const [at, cells] of compared.entries()) {
    const row = stored.get(keyOfCells(cells)) ?? (await madeNow(database, head, whole[at]!, compared.length))
    if (row === null) continue
    const params = orderKeys(cells.first.params, head.axes)
    const other = cells.second.params
    results.push(
      contrastResult(head.demand.contrasts[row.place]!, [row.first, row.second], [params, other], row.estimate),
    )
  }
  return results
}

/**
 * Null also where `of` is not a probability, which a spec of version 0.1.0 could contain: the sweep then ended
 * incomplete, with that reason.
 */
const madeNow: typeof contrastNow = async (...asked) =>
  contrastNow(...asked).catch((error: unknown) => {
    if (error instanceof StatisticsError) return null
    throw error
  })
