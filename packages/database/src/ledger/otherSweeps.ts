import type { SweepState } from '@driftfarm/spec'
import { type Columns, columns, type SweepModel } from '../rows.ts'
import { displayedState } from './displayedState.ts'
import type { ReadSource } from './prefixes.ts'
import { demandsOn } from './schedulable.ts'

export interface OtherSweep extends Columns<SweepModel, 'id' | 'name'> {
  readonly state: SweepState
}

const maxHolders = 10

export async function otherSweepsOf({ pool }: ReadSource, cellId: string, but: string): Promise<OtherSweep[]> {
  const { rows } = await pool.query<OtherSweep>(
    `select ${columns<SweepModel>('s', 'id', 'name')}, ${displayedState('s')} as state
       from ${demandsOn('$1')} join farm.sweep s on s.id = d.sweep_id
      where s.id <> $2 order by s.submitted_at, s.id limit ${maxHolders}`,
    [cellId, but],
  )
  return rows
}

/** The numbers of running and of waiting batches of a cell, and the processes that compute the running ones. */
export async function runningBatchesOf(
  { pool }: ReadSource,
  cellId: string,
): Promise<{ readonly running: number; readonly waiting: number; readonly processes: readonly string[] }> {
  const { rows } = await pool.query<{ running: number; waiting: number; processes: string[] }>(
    `select count(u.worker_id)::int as running, (count(*) - count(u.worker_id))::int as waiting,
            coalesce(array_agg(distinct u.worker_id) filter (where u.worker_id is not null), '{}') as processes
       from farm.pending p left join farm.bundle u on u.id = p.bundle
      where p.cell_id = $1 and p.state <> 'failed'`,
    [cellId],
  )
  return rows[0]!
}
