import type { Cell, SweepState } from '@driftfarm/spec'
import type { Database, ReadSource } from '../connection/database.ts'
import { displayedState, requestsOn } from '../ledger/conditions.ts'
import { LedgerError } from '../ledger/errors.ts'
import { type Columns, columns } from '../ledger/rows.ts'

/** Reads a cell of any sweep by its id, with the hash of its data set. Throws CELL_NOT_FOUND. */
export async function cellById({ pool }: Database, id: string): Promise<Cell> {
  const { rows } = await pool.query<Columns<'Cell', 'canonical'>>('select canonical from farm.cell where id = $1', [id])
  const [row] = rows
  if (row === undefined) throw new LedgerError('CELL_NOT_FOUND', `no cell ${id}`)
  return JSON.parse(row.canonical) as Cell
}

/** Ids of the sweeps that contain this cell, newest first. */
export async function sweepsWithCell({ pool }: Database, cellId: string): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `select s.id from farm.sweep s where s.id in (select d.sweep_id from farm.request d where d.cell_id = $1)
      order by s.submitted_at desc, s.id`,
    [cellId],
  )
  return rows.map(({ id }) => id)
}

export interface OtherSweep extends Columns<'Sweep', 'id' | 'name'> {
  readonly state: SweepState
}

const maxHolders = 10

export async function otherSweepsOf({ pool }: ReadSource, cellId: string, but: string): Promise<OtherSweep[]> {
  const { rows } = await pool.query<OtherSweep>(
    `select ${columns<'Sweep'>('s', 'id', 'name')}, ${displayedState('s')} as state
       from ${requestsOn('$1')} join farm.sweep s on s.id = d.sweep_id
      where s.id <> $2 order by s.submitted_at, s.id limit ${maxHolders}`,
    [cellId, but],
  )
  return rows
}

/** The numbers of running and of waiting batches of a cell, and the processes that compute the running ones. */
export async function runningBatchesOf({ pool }: ReadSource, cellId: string) {
  const { rows } = await pool.query<{ running: number; waiting: number; processes: readonly string[] }>(
    `select count(u.worker_id)::int as running, (count(*) - count(u.worker_id))::int as waiting,
            coalesce(array_agg(distinct u.worker_id) filter (where u.worker_id is not null), '{}') as processes
       from farm.pending p left join farm.bundle u on u.id = p.bundle
      where p.cell_id = $1 and p.state <> 'failed'`,
    [cellId],
  )
  return rows[0]!
}
