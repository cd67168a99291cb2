import { bitsOf, type Database, prefixesOf, storedContrasts, sweepHead, talliesOf } from '@driftfarm/database'
import { canonicalJson } from '@driftfarm/spec'
import { countBits, countOf } from '@driftfarm/statistics'
import { contrastNow } from './estimate.ts'
import { comparedCells, independent } from './pairs.ts'
import { ended, keyOf, keyOfCells } from './settle.ts'

/** Contrasts of ended cells made again, and their bits against the tallies of the batches. Returns what differs, in words. */
export async function recheckContrasts(database: Database, sweepId: string): Promise<string[]> {
  const head = await sweepHead(database, sweepId)
  if (head.demand.contrasts.length === 0) return []
  const violations: string[] = []
  const stored = new Map((await storedContrasts(database, sweepId)).map((row) => [keyOf(row), row]))
  const compared = comparedCells(head.demand, await prefixesOf(database, sweepId, { whole: true }))
  const counted = new Set<string>()
  for (const cells of compared.filter(ended)) {
    const { of } = head.demand.contrasts[cells.place]!
    const names = `contrast ${cells.place} of cells ${cells.first.index} and ${cells.second.index}`
    const made = await contrastNow(database, head, cells, compared.length)
    const row = stored.get(keyOfCells(cells))
    if (row === undefined) violations.push(`${names} is missing`)
    else if (made === null || text(row) !== text(made)) violations.push(`${names} differs when made again`)
    if (independent(cells) || cells.first.id === cells.second.id) continue
    for (const cell of [cells.first, cells.second]) {
      if (counted.has(`${cell.id} ${of}`)) continue
      counted.add(`${cell.id} ${of}`)
      const bits = bitsOf(database, cell.id, of, cell.trials)
      for await (const { first, count, tally } of talliesOf(database, cell)) {
        const { value } = await bits.next()
        if (
          value?.first !== first ||
          value.count !== count ||
          countBits(value.bits) !== countOf(of, tally, cell.layout)
        )
          violations.push(`cell ${cell.index}: the bits of ${of} at trial ${first} are not those of its tally`)
      }
    }
  }
  return violations
}

const text = (value: unknown): string =>
  canonicalJson(
    JSON.parse(
      JSON.stringify(value, (_, each) => (typeof each === 'number' && !Number.isFinite(each) ? String(each) : each)),
    ),
  )
