import { bitsOf, type Database, readOutcomes } from '@driftfarm/database'
import { groupedBy } from '@driftfarm/formula'
import type { RecordLayout } from '@driftfarm/kernel'
import { parseEvent } from '@driftfarm/spec'
import { BlockSums, blocksFor, type SharedNoise, trialReader } from '@driftfarm/statistics'

export interface CellWithNoise {
  readonly index: number
  readonly id: string
  readonly trials: number
  readonly layout: RecordLayout
  /** The seed of common streams; null if the cell has independent streams. */
  readonly commonSeed: string | null
  /** Number of burn-in steps that the escape rate leaves out. */
  readonly after: number
}

/**
 * Returns a result for each cell that shares noise, by the index of the cell. The `key` of a result is equal for cells
 * with the same noise. The `residuals` of the estimate named `of` are computed from recorded rows or event bits, one
 * for each block of trials. They are null if both rows and bits are incomplete. Cells that share noise with no other
 * cell of their method are left out.
 */
export async function sharedNoiseOf(database: Database, cells: readonly CellWithNoise[], of: string) {
  const sharing = cells.filter(({ commonSeed, trials }) => commonSeed !== null && trials > 0)
  const groups = groupedBy(sharing, ({ commonSeed, layout }) => `${commonSeed} ${layout.valued ?? 'trials'}`)
  const found = new Map<number, SharedNoise>()
  for (const members of groups.values()) {
    if (new Set(members.map(({ id }) => id)).size === 1) continue
    const blocks = blocksFor(Math.min(...members.map(({ trials }) => trials)))
    const key = `\`streams: common\`, seed ${members[0]!.commonSeed}`
    for (const cell of members) {
      const sums = (await sumsOfRows(database, cell, of, blocks)) ?? (await sumsOfBits(database, cell, of, blocks))
      found.set(cell.index, { key, residuals: sums?.residuals() ?? null })
    }
  }
  return found
}

/** Null if a row is missing, or if the estimate `of` cannot be computed from rows. */
async function sumsOfRows(
  database: Database,
  { id, trials, layout, after }: CellWithNoise,
  of: string,
  blocks: number,
) {
  const read = trialReader(of, layout, after)
  if (read === null) return null
  const sums = new BlockSums(blocks)
  let next = 0
  for await (const { first, offsets, count, records } of readOutcomes(database, id, 0, trials)) {
    if (offsets !== null || first !== next) return null
    const words = new DataView(records.buffer, records.byteOffset, records.byteLength)
    for (let place = 0; place < count; place++)
      read(words, place * layout.bytes, (events, exposure) => sums.add(first + place, events, exposure))
    next += count
  }
  return next === trials ? sums : null
}

/** Null if event bits are not stored for `of`, or if some are missing. */
async function sumsOfBits(database: Database, { id, trials, layout }: CellWithNoise, of: string, blocks: number) {
  if (layout.valued || parseEvent(of) === null) return null
  const sums = new BlockSums(blocks)
  let next = 0
  for await (const { first, count, bits } of bitsOf(database, id, of, trials)) {
    const end = Math.min(first + count, trials)
    for (; next < end; next++) sums.add(next, (bits[(next - first) >> 3]! >> ((next - first) & 7)) & 1, 1)
  }
  return next === trials ? sums : null
}
