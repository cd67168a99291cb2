import type { Tally } from '@driftfarm/kernel'
import type { RecordRule } from '@driftfarm/spec'
import { type TallyJson, tallyFromJson } from '@driftfarm/statistics'
import type { Database } from '../database.ts'
import type { Prefix } from './prefixes.ts'

export interface BatchLine {
  /** Cell id. */
  readonly cell: string
  readonly index: number
  readonly first: number
  readonly count: number
  readonly state: 'ready' | 'leased' | 'done' | 'failed'
  readonly digest: string | null
  readonly record: RecordRule | null
}

/** The batches of a sweep's demanded prefixes, in the order of cells and trials. */
export async function batchesOf({ pool }: Database, sweepId: string): Promise<BatchLine[]> {
  const { rows } = await pool.query<BatchLine>(
    `select b.cell_id as cell, d.index, b.first, b.count, b.state, b.digest, b.record
       from farm.demand d join farm.batch b on b.cell_id = d.cell_id
      where d.sweep_id = $1 and b.first < greatest(d.trials, d.target) order by d.index, b.first`,
    [sweepId],
  )
  return rows
}

/** Batches a statement. */
const pageBatches = 256

/** The tallies of a cell's first trials, batch by batch. */
export async function* talliesOf(
  { pool }: Database,
  { id, trials, layout }: Pick<Prefix, 'id' | 'trials' | 'layout'>,
): AsyncGenerator<{ readonly first: number; readonly count: number; readonly tally: Tally; readonly digest: string }> {
  for (let at = 0; at < trials; ) {
    const { rows } = await pool.query<{ first: number; count: number; tally: TallyJson; digest: string }>(
      `select first, count, tally, digest from farm.batch
        where cell_id = $1 and first >= $2 and first < $3 and digest is not null order by first limit ${pageBatches}`,
      [id, at, trials],
    )
    if (rows.length === 0) return
    for (const { tally, ...row } of rows) yield { ...row, tally: tallyFromJson(tally, layout) }
    at = rows.at(-1)!.first + 1
  }
}

export interface FailureLine {
  readonly cell: string
  readonly index: number
  readonly first: number
  readonly count: number
  readonly kind: string
  readonly worker: string | null
  readonly message: string
  /** ISO 8601. */
  readonly at: string
}

/** Newest first. */
export async function failuresOf({ pool }: Database, sweepId: string, limit = 100): Promise<FailureLine[]> {
  const { rows } = await pool.query<Omit<FailureLine, 'at'> & { at: Date }>(
    `select f.cell_id as cell, d.index, f.first, f.count, f.kind, f.worker_id as worker, f.message, f.at
       from farm.demand d join farm.failure f on f.cell_id = d.cell_id
      where d.sweep_id = $1 order by f.id desc limit $2`,
    [sweepId, limit],
  )
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }))
}
