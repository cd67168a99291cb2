import type { Database } from '../database.ts'
import type { Columns, SweepModel } from '../rows.ts'
import { alive, driven, wants } from './driven.ts'
import { isOut, may } from './states.ts'

export interface LiveSweep extends Columns<SweepModel, 'id' | 'priority'> {
  /** Batches that are in the queue or at a worker. */
  readonly out: number
  /** Whether its cells share a budget. */
  readonly budgeted: boolean
  /** Changes with each submission and each change of state; a look is then due. */
  readonly version: string
}

export interface Pulse {
  /** Number of threads of living workers. */
  readonly threads: number
  /** Rises with every commit. */
  readonly committed: number
  /** Number of batches that are out and wanted. */
  readonly out: number
  /** Number of batches that are ready and have no job, wanted or not. */
  readonly unqueued: number
  readonly failed: number
  readonly sweeps: readonly LiveSweep[]
}

/**
 * Reads what a leader needs to know whether there is anything to do. It takes 0.3 ms, so it can be called many times a
 * second.
 */
export async function readPulse({ pool }: Database): Promise<Pulse> {
  const { rows } = await pool.query<Pulse>(
    `with out as materialized (
       select cell_id, first, state, fed_at from farm.batch b where ${isOut('b')}
     ), live as materialized (
       select s.id, s.priority, s.state, s.submission, s.demand from farm.sweep s where ${driven('s')}
     ), wanted as materialized (
       select distinct s.id, o.cell_id, o.first
         from out o
         join farm.demand d on d.cell_id = o.cell_id
         join live s on s.id = d.sweep_id and ${wants('d', 's', 'o.first')}
     )
     select (select coalesce(sum(threads), 0)::int from farm.worker w
              where ${alive('w')} and kind <> 'coordinator') as threads,
            (select coalesce(sum(batches), 0)::bigint from farm.worker) as committed,
            (select count(*)::int from (select distinct cell_id, first from wanted) w) as out,
            (select count(*)::int from out where state = 'ready' and fed_at is null) as unqueued,
            (select count(*)::int from farm.batch where state = 'failed') as failed,
            (select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'priority', s.priority,
                       'budgeted', coalesce(s.demand -> 'until' ? 'budget', false),
                       'out', (select count(*) from wanted w where w.id = s.id),
                       'version', s.submission || ' ' || s.state) order by s.id), '[]') from live s) as sweeps`,
  )
  return rows[0]!
}

/**
 * Marks as interrupted the sweeps whose `run` died without reporting it, until they are run again. `lost` lists the
 * workers whose heartbeat the leader has missed by its own clock. The database's clock is not used: it may have been
 * set, and a living `run` would stop for good.
 */
export async function markInterrupted({ pool }: Database, lost: readonly string[]): Promise<number> {
  const { rowCount } = await pool.query(
    `update farm.sweep s set state = 'interrupted', reason = 'its run ended without a word'
      where ${may('s', 'interrupt')} and s.runner is not null
        and not exists (select from farm.worker w
                         where w.id = s.runner and w.state <> 'gone' and w.id <> all($1::text[]))`,
    [lost],
  )
  return rowCount ?? 0
}
