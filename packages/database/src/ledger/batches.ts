import type { Tally } from '@driftfarm/kernel'
import type { RecordRule } from '@driftfarm/spec'
import { type TallyJson, tallyFromJson } from '@driftfarm/statistics'
import type { Database } from '../database.ts'
import { type BatchModel, type Columns, columns, type DemandModel } from '../rows.ts'
import type { Prefix } from './prefixes.ts'

type Kept = Columns<BatchModel, 'first' | 'count' | 'digest' | 'record', { record: RecordRule }>

export interface BatchLine extends Kept {
  /** Id of the cell. */
  readonly cell: BatchModel['cellId']
  readonly index: DemandModel['index']
}

/** The finished batches of the demanded prefixes of a sweep, ordered by cell and trial. */
export async function batchesOf({ pool }: Database, sweepId: string): Promise<BatchLine[]> {
  const { rows } = await pool.query<BatchLine>(
    `select b.cell_id as cell, d.index, ${columns<BatchModel>('b', 'first', 'count', 'digest', 'record')}
       from farm.demand d join farm.batch b on b.cell_id = d.cell_id
      where d.sweep_id = $1 and b.first < greatest(d.trials, d.target) order by d.index, b.first`,
    [sweepId],
  )
  return rows
}

type Tallied = Columns<BatchModel, 'first' | 'count' | 'tally' | 'digest', { tally: TallyJson; digest: string }>

/** Batches read by one statement. */
const pageBatches = 256

/** The tallies of a cell's first trials, batch by batch. */
export async function* talliesOf(
  { pool }: Database,
  { id, trials, layout }: Pick<Prefix, 'id' | 'trials' | 'layout'>,
): AsyncGenerator<Omit<Tallied, 'tally'> & { readonly tally: Tally }> {
  for (let at = 0; at < trials; ) {
    const { rows } = await pool.query<Tallied>(
      `select first, count, tally, digest from farm.batch
        where cell_id = $1 and first >= $2 and first < $3 order by first limit ${pageBatches}`,
      [id, at, trials],
    )
    if (rows.length === 0) return
    for (const { tally, ...row } of rows) yield { ...row, tally: tallyFromJson(tally, layout) }
    at = rows.at(-1)!.first + 1
  }
}
