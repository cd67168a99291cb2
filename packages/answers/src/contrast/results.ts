import {
  type CellPlace,
  contrastNow,
  type Database,
  type ReadSource,
  type SweepHead,
  storedContrasts,
  wholePairs,
} from '@driftfarm/database'
import { type ContrastResult, contrastResult } from '@driftfarm/report'
import { type ComparedCells, keyOf, keyOfCells, StatisticsError } from '@driftfarm/statistics'
import { orderKeys } from '../order.ts'

/**
 * Contrasts of finished cells are read from the database. The other contrasts are computed from the newest tallies and
 * event bits.
 */
export async function contrastsOf(
  database: Database,
  reading: ReadSource,
  head: SweepHead,
  pairs: readonly ComparedCells<CellPlace>[],
): Promise<ContrastResult[]> {
  if (pairs.length === 0) return []
  const stored = new Map((await storedContrasts(database, head.id)).map((row) => [keyOf(row), row]))
  const missing = pairs.filter((cells) => !stored.has(keyOfCells(cells)))
  for await (const cells of wholePairs(reading, head, missing)) {
    const row = await madeNow(database, head, cells, pairs.length)
    if (row !== null) stored.set(keyOf(row), row)
  }
  return pairs.flatMap((cells) => {
    const row = stored.get(keyOfCells(cells))
    if (row === undefined) return []
    const params = [orderKeys(cells.first.params, head.axes), cells.second.params] as const
    return [contrastResult(head.demand.contrasts[row.place]!, [row.first, row.second], params, row.estimate)]
  })
}

/**
 * Like `contrastNow`, but also returns null for a contrast whose estimate `of` is not a probability. Specs of version
 * 0.1.0 could contain such contrasts. They cannot be computed, so sweeps with these specs ended incomplete.
 */
const madeNow: typeof contrastNow = async (...args) =>
  contrastNow(...args).catch((error: unknown) => {
    if (error instanceof StatisticsError) return null
    throw error
  })
