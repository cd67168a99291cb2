import { type Database, inOneRoundTrip } from '../connection/database.ts'
import { prepared } from '../connection/prepared.ts'
import { alive, allowsMove, continuesByItself, live, present, schedulable } from '../ledger/conditions.ts'
import { isOutdated } from '../ledger/leadership.ts'
import type { Columns } from '../ledger/rows.ts'

export interface LiveSweep extends Columns<'Sweep', 'id' | 'priority' | 'cells' | 'open' | 'submission'> {
  readonly state: 'planned' | 'running'
  /** Number of bundles of the sweep that are in the queue or held by a worker. */
  readonly out: number
  readonly budgeted: boolean
  readonly searching: boolean
  /** Whether each cell continues after a check point without waiting for other cells. */
  readonly continues: boolean
}

export interface FarmSnapshot {
  /** Threads of live workers, in total and for each kernel version, oldest version first. */
  readonly threads: number
  readonly kernels: readonly { readonly kernel: number; readonly threads: number }[]
  /** Number of live processes that compute. */
  readonly workers: number
  /** Number of dispatched bundles, and how many of them are long. */
  readonly out: number
  readonly longOut: number
  /** Whether commits or failures wait to be settled. */
  readonly hasUpdates: boolean
  readonly hasLoose: boolean
  readonly hasUnqueued: boolean
  /** Whether a coordinator with a newer kernel version should take over. */
  readonly outdated: boolean
  readonly sweeps: readonly LiveSweep[]
}

const farmSnapshotQuery = prepared(
  `with live as materialized (
     select s.id, s.priority, s.state, s.submission, s.demand, s.cells, s.open from farm.sweep s
      where ${schedulable('s')}
   ), bundles as materialized (
     select u.sweep_id, count(*)::int as out, count(*) filter (where u.long)::int as long,
            bool_or(u.queued_at is null) as unqueued
       from farm.bundle u group by u.sweep_id
   ), kernels as materialized (
     select w.kernel, sum(w.threads)::int as threads, count(*)::int as workers from farm.worker w
      where ${alive('w')} and w.kind <> 'coordinator' group by w.kernel
   )
   select (select coalesce(sum(k.threads), 0)::int from kernels k) as threads,
          (select coalesce(sum(k.workers), 0)::int from kernels k) as workers,
          (select coalesce(jsonb_agg(jsonb_build_object('kernel', k.kernel, 'threads', k.threads)
                     order by k.kernel), '[]') from kernels k) as kernels,
          (select coalesce(sum(u.out), 0)::int from bundles u) as out,
          (select coalesce(sum(u.long), 0)::int from bundles u) as "longOut",
          exists (select from farm.pending_update) as "hasUpdates",
          exists (select from farm.pending p where p.bundle is null and p.state = 'ready') as "hasLoose",
          exists (select from bundles u where u.unqueued) as "hasUnqueued", ${isOutdated('$1::int')} as outdated,
          (select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'priority', s.priority, 'cells', s.cells,
                     'open', s.open, 'budgeted', coalesce(s.demand -> 'until' ? 'budget', false),
                     'searching', coalesce(s.demand -> 'until' ? 'threshold', false),
                     'continues', ${continuesByItself('s')},
                     'out', coalesce(u.out, 0), 'submission', s.submission, 'state', s.state) order by s.id), '[]')
             from live s left join bundles u on u.sweep_id = s.id) as sweeps`,
)

/**
 * Reads everything that a coordinator of this kernel version needs to decide whether there is work. Its cost depends
 * only on the dispatched bundles and the live sweeps, so it can be called many times a second.
 */
export async function readFarmSnapshot({ pool }: Database, kernel: number): Promise<FarmSnapshot> {
  const { rows } = await inOneRoundTrip<FarmSnapshot>(pool, farmSnapshotQuery, [kernel])
  return rows[0]!
}

export interface PendingChanges {
  /** Whether commits or failures wait to be settled, or ready batches have no bundle. */
  readonly isPending: boolean
  /** A string that changes when the live sweeps, their states or the number of processes change. */
  readonly mark: string
}

const pendingChangesQuery = prepared(
  `select exists (select from farm.pending_update)
            or exists (select from farm.pending p where p.bundle is null and p.state = 'ready') as "isPending",
          concat_ws(' ', (select count(*) from farm.worker w where ${present('w')}),
            (select sum(hashtextextended(concat_ws(' ', s.id, s.state, s.priority, s.runner), s.submission))
               from farm.sweep s where ${live('s')})) as mark`,
)

/**
 * Checks whether anything has happened that needs an immediate scheduling pass. The check costs a tenth as much as a
 * farm snapshot, so it can run often, and snapshots can be read less often. Changes that depend only on time, such as
 * missing heartbeats, are not detected.
 */
export async function readPendingChanges({ pool }: Pick<Database, 'pool'>): Promise<PendingChanges> {
  const { rows } = await inOneRoundTrip<PendingChanges>(pool, pendingChangesQuery, [])
  return rows[0]!
}

/**
 * Marks sweeps as interrupted if their `run` died without reporting its end. `lost` lists the workers whose heartbeats
 * are missing according to the coordinator's own clock. The database's clock is not used, because a jump of that clock
 * would stop a live `run` for good.
 */
export async function markInterrupted({ pool }: Database, lost: readonly string[]): Promise<number> {
  const { rowCount } = await pool.query(
    `update farm.sweep s set state = 'interrupted', reason = 'its run ended unexpectedly'
      where ${allowsMove('s', 'interrupt')} and s.runner is not null
        and not exists (select from farm.worker w
                         where w.id = s.runner and ${present('w')} and w.id <> all($1::text[]))`,
    [lost],
  )
  return rowCount ?? 0
}
