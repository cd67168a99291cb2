import { layoutOf } from '@driftfarm/kernel'
import { type Cell, canonicalJson, type Demand, type RecordRule, type ResolvedCell } from '@driftfarm/spec'
import { countBits, countOf } from '@driftfarm/statistics'
import type pg from 'pg'
import type { ReadSource } from '../connection/database.ts'
import type { Columns } from './rows.ts'
import type { CommitPart, Lease, LeasedResult } from './workLedger.ts'

/** Whether the rows recorded under rule `have` include all rows that rule `want` requests. */
export function covers(have: RecordRule, want: RecordRule): boolean {
  if (have.kind === 'all' || want.kind === 'none') return true
  if (have.kind === 'sample' && want.kind === 'sample') return have.share >= want.share
  return have.kind === want.kind
}

/** The rule with the fewest rows that covers both rules. */
export function union(a: RecordRule, b: RecordRule): RecordRule {
  if (covers(a, b)) return a
  return covers(b, a) ? b : { kind: 'all' }
}

/**
 * The estimates for which a request needs one event bit per trial: if the cell shares its noise with other cells, those
 * that contrasts compare in the cell. The list is sorted and has no duplicates.
 */
export function bitsWanted(
  { sharesNoise, params }: { readonly sharesNoise: boolean; readonly params: ResolvedCell['params'] },
  { contrasts = [] }: Partial<Pick<Demand, 'contrasts'>>,
): readonly string[] {
  if (!sharesNoise) return []
  const compared = contrasts.filter(
    ({ path, between }) => path in params && between.map(canonicalJson).includes(canonicalJson(params[path])),
  )
  return [...new Set(compared.map((contrast) => contrast.of))].sort()
}

export const bitsOfCell = (
  { cell, params }: Pick<ResolvedCell, 'cell' | 'params'>,
  demand: Demand,
): readonly string[] => bitsWanted({ sharesNoise: cell.streams === 'common', params }, demand)

/** Throws a RangeError if event bits contradict their tally. Call `checkBits` before anything is written. */
export function checkBits({ bits, canonical }: Pick<Lease, 'bits' | 'canonical'>, parts: readonly CommitPart[]): void {
  if (bits.length === 0 && parts.every((part) => part.bits.length === 0)) return
  const layout = layoutOf(JSON.parse(canonical) as Cell)
  for (const part of parts) {
    const has = part.bits.map(({ estimate }) => estimate)
    if (String(has) !== String(bits))
      throw new RangeError(`a commit contains event bits for the estimates [${has}], but [${bits}] were requested`)
    for (const { estimate, bytes } of part.bits) {
      const [had, counted] = [countBits(bytes), countOf(estimate, part.tally, layout)]
      if (bytes.length !== Math.ceil(part.count / 8) || had !== counted)
        throw new RangeError(
          `from trial ${part.first} on, ${had} event bits for ${estimate} are set, but the tally counts ${counted}`,
        )
    }
  }
}

export async function insertBits(client: pg.PoolClient, batches: readonly LeasedResult[]): Promise<void> {
  for (const { lease, result } of batches)
    for (const { first, count, bits } of result.parts)
      for (const { estimate, bytes } of bits)
        await client.query(
          'insert into farm.event_bits (cell_id, first, estimate, count, bits) values ($1, $2, $3, $4, $5)',
          [lease.cell, first, estimate, count, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)],
        )
}

/** The event bits of this number of batches take up a few MB at most. */
const pageBatches = 16

export type StoredBits = Columns<'EventBits', 'first' | 'count' | 'bits'>

/** The event bits of one estimate for the first trials of a cell, batch by batch, up to the first gap. */
export async function* bitsOf(
  { pool }: ReadSource,
  cellId: string,
  estimate: string,
  trials: number,
): AsyncGenerator<StoredBits> {
  for (let at = 0; at < trials; ) {
    const { rows } = await pool.query<StoredBits>(
      `select first, count, bits from farm.event_bits
        where cell_id = $1 and estimate = $2 and first >= $3 and first < $4 order by first limit ${pageBatches}`,
      [cellId, estimate, at, trials],
    )
    if (rows.length === 0) return
    for (const row of rows) {
      if (row.first !== at) return
      yield row
      at = row.first + row.count
    }
  }
}
