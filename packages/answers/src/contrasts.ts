import {
  bitsOf,
  type CellPlace,
  contrastNow,
  type Database,
  type ReadSource,
  type SweepHead,
  storedContrasts,
  talliesOf,
  wholePairs,
} from '@driftfarm/database'
import { type ContrastResult, contrastResult, documentJson } from '@driftfarm/report'
import { canonicalJson } from '@driftfarm/spec'
import { bothDone, type ComparedCells, countBits, countOf, independent, keyOf, keyOfCells } from '@driftfarm/statistics'
import { orderKeys } from './prefix.ts'

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
    const row = await contrastNow(database, head, cells, pairs.length)
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
 * Recomputes the contrasts of finished cells, and checks the event bits of these cells against the tallies of their
 * batches. Returns a sentence for each difference.
 */
export async function recheckContrasts(
  database: Database,
  reading: ReadSource,
  head: SweepHead,
  pairs: readonly ComparedCells<CellPlace>[],
): Promise<string[]> {
  if (pairs.length === 0) return []
  const violations: string[] = []
  const stored = new Map((await storedContrasts(database, head.id)).map((row) => [keyOf(row), row]))
  const counted = new Set<string>()
  for await (const cells of wholePairs(reading, head, pairs.filter(bothDone))) {
    const { of } = head.demand.contrasts[cells.place]!
    const names = `contrast ${cells.place} of cells ${cells.first.index} and ${cells.second.index}`
    const made = await contrastNow(database, head, cells, pairs.length)
    const row = stored.get(keyOfCells(cells))
    if (row === undefined) violations.push(`${names} is not stored`)
    else if (made === null || text(row) !== text(made)) violations.push(`${names} differs from the recomputed one`)
    if (independent(cells.first, cells.second) || cells.first.id === cells.second.id) continue
    for (const cell of [cells.first, cells.second]) {
      if (counted.has(`${cell.id} ${of}`)) continue
      counted.add(`${cell.id} ${of}`)
      const bits = bitsOf(reading, cell.id, of, cell.trials)
      for await (const { first, count, tally } of talliesOf(reading, cell)) {
        const { value } = await bits.next()
        if (
          value?.first !== first ||
          value.count !== count ||
          countBits(value.bits) !== countOf(of, tally, cell.layout)
        )
          violations.push(
            `cell ${cell.index}: event bits of ${of} differ from the tally of the batch that starts at trial ${first}`,
          )
      }
    }
  }
  return violations
}

const text = (value: unknown): string => canonicalJson(JSON.parse(documentJson(value)))
