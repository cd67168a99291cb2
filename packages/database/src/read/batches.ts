import type { RecordLayout, Tally } from '@driftfarm/kernel'
import type { RecordRule } from '@driftfarm/spec'
import { type TallyJson, tallyFromJson } from '@driftfarm/statistics'
import type { ReadSource } from '../connection/database.ts'
import { fieldsOf } from '../connection/values.ts'
import { isEvenlySpaced, rankColumns, requestsAt } from '../ledger/conditions.ts'
import { type Columns, columns, type RowOf } from '../ledger/rows.ts'
import type { Prefix, SweepHead } from './prefixes.ts'

type StoredBatch = Columns<'Batch', 'first' | 'count' | 'digest' | 'record', { record: RecordRule }>

export interface BatchLine extends StoredBatch {
  readonly cell: RowOf<'Batch'>['cellId']
  readonly index: RowOf<'Request'>['index']
}

/**
 * Returns at most `most` of the finished batches that a sweep requests, evenly spaced, including the first and the
 * last. `most` must be at least 2; `total` counts all these batches. To choose the sample, the statement reads only an
 * index.
 */
export async function sampleOfBatches({ pool }: ReadSource, sweepId: string, most: number) {
  const { rows } = await pool.query<BatchLine & { total: number }>(
    `select b.cell_id as cell, c.index, ${columns<'Batch'>('b', 'first', 'count', 'digest', 'record')}, c.total
       from (select c.*, ${rankColumns('c.index, c.first')}
               from (select d.index, b.cell_id, b.first
                       from farm.request d
                      cross join lateral (
                        select cell_id, first from farm.batch
                         where cell_id = d.cell_id and first < greatest(d.trials, d.target) offset 0) b
                      where d.sweep_id = $1) c) c
      cross join lateral (select * from farm.batch b where b.cell_id = c.cell_id and b.first = c.first limit 1) b
      where ${isEvenlySpaced('$2')} order by c.place`,
    [sweepId, most],
  )
  return { total: rows[0]?.total ?? 0, batches: rows.map(({ total: _, ...batch }) => batch) }
}

const pageBatches = 256

/** All finished batches that a sweep requests, in order. */
export async function* batchesOf(
  { pool }: ReadSource,
  { id, cells }: Pick<SweepHead, 'id' | 'cells'>,
): AsyncGenerator<BatchLine> {
  let [from, first] = [0, 0]
  while (from < cells) {
    const { sql, values } = requestsAt({ from, to: from + pageBatches })
    const { rows } = await pool.query<BatchLine>(
      `select b.cell_id as cell, d.index, ${columns<'Batch'>('b', 'first', 'count', 'digest', 'record')}
         from ${sql}
        cross join lateral (
          select * from farm.batch b
           where b.cell_id = d.cell_id and b.first < greatest(d.trials, d.target)
             and b.first >= case when d.index = $2 then $4::bigint else 0 end
           order by b.first limit ${pageBatches}) b
        order by d.index, b.first limit ${pageBatches}`,
      [id, ...values, first],
    )
    yield* rows
    if (rows.length < pageBatches) {
      from += pageBatches
      first = 0
    } else {
      const last = rows.at(-1)!
      from = last.index
      first = last.first + 1
    }
  }
}

type Tallied = Columns<'Batch', 'first' | 'count' | 'tally' | 'digest', { tally: TallyJson; digest: string }>

export type TalliedBatch = Omit<Tallied, 'tally'> & { readonly tally: Tally }

type TalliedCell = Pick<Prefix, 'id' | 'trials' | 'layout'>

/** The tallies of the finished trials of a cell from trial `since` to trial `trials - 1`, batch by batch. */
export async function* talliesOf(
  { pool }: ReadSource,
  { id, trials, layout }: TalliedCell,
  since = 0,
): AsyncGenerator<TalliedBatch> {
  for (let at = since; at < trials; ) {
    const { rows } = await pool.query<Tallied>(
      `select first, count, tally, digest from farm.batch
        where cell_id = $1 and first >= $2 and first < $3 order by first limit ${pageBatches}`,
      [id, at, trials],
    )
    if (rows.length === 0) return
    for (const row of rows) yield tallied(row, layout)
    at = rows.at(-1)!.first + 1
  }
}

const tallied = ({ tally, ...batch }: Tallied, layout: RecordLayout): TalliedBatch => ({
  ...batch,
  tally: tallyFromJson(tally, layout),
})

/**
 * The first statement of `talliesOfMany` reads at most this number of batches per cell. In large sweeps, most cells
 * have no further batches.
 */
const fewBatches = 4

/** Like `talliesOf` for several cells of a sweep, in the order of `cells`. */
export async function* talliesOfMany<Cell extends TalliedCell>(
  reading: ReadSource,
  cells: readonly Cell[],
): AsyncGenerator<readonly [cell: Cell, batch: TalliedBatch]> {
  if (cells.length === 0) return
  // `place` is the position in `cells`, from 1.
  const { rows } = await reading.pool.query<Tallied & { readonly place: number }>(
    `select w.place, b.first, b.count, b.digest, b.tally
       from unnest($1::text[], $2::bigint[]) with ordinality w (cell_id, trials, place)
      cross join lateral (
        select first, count, tally, digest from farm.batch
         where cell_id = w.cell_id and first < w.trials and digest is not null
         order by first limit ${fewBatches}) b
      order by w.place, b.first`,
    [...fieldsOf(cells, 'id', 'trials')],
  )
  for (let at = 0; at < rows.length; ) {
    const { place } = rows[at]!
    const cell = cells[place - 1]!
    let read = 0
    for (; rows[at]?.place === place; at++, read++) {
      const { place: _, ...row } = rows[at]!
      yield [cell, tallied(row, cell.layout)]
    }
    if (read < fewBatches) continue
    for await (const batch of talliesOf(reading, cell, rows[at - 1]!.first + 1)) yield [cell, batch]
  }
}
