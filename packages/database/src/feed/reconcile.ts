import type { Database } from '../connection/database.ts'
import { fieldsOf } from '../connection/values.ts'
import { asLeader } from '../ledger/leadership.ts'
import { limits } from '../ledger/limits.ts'
import { type Columns, columns, type RowOf } from '../ledger/rows.ts'
import type { BundleJob } from '../ledger/workLedger.ts'

/** A dispatched bundle, which has a job in the queue or a worker. */
export interface DispatchedBundle extends BundleJob, Columns<'Bundle', 'workerId' | 'leases' | 'trials' | 'seconds'> {
  /**
   * Number of times that workers leased the bundle. While this number stays the same, only commits change the bundle.
   */
  readonly leases: RowOf<'Bundle'>['leases']
  /** Number of unfinished batches in the bundle. */
  readonly left: number
}

/**
 * The dispatched bundles, at most 100,000. A farm with 100,000 threads has about that many. They have no timestamps,
 * because the coordinator measures the age of a bundle by its own clock.
 */
export async function dispatchedBundles({ pool }: Database): Promise<DispatchedBundle[]> {
  const { rows } = await pool.query<DispatchedBundle>(
    `select u.id as bundle, ${columns<'Bundle'>('u', 'workerId', 'leases', 'trials', 'seconds')},
            (select count(*)::int from farm.pending p where p.bundle = u.id) as left
       from farm.bundle u where u.queued_at is not null limit 100000`,
  )
  return rows
}

/**
 * Dissolves the bundles of dead workers, and bundles that are far beyond their deadline (`late`). `lost` lists the
 * workers that are dead by the coordinator's clock. The remaining batches get new bundles, and the last attempt at each
 * of them counts as vanished. Returns the number of remaining batches.
 */
export function reclaim(
  database: Database,
  epoch: number,
  { lost, late }: { readonly lost: readonly string[]; readonly late: readonly DispatchedBundle[] },
): Promise<number> {
  return dissolve(
    database,
    epoch,
    `select u.id, u.leases, u.worker_id, not coalesce(w.dead, true) as late from farm.bundle u
       left join lateral (
         select w.state = 'gone' or w.id = any($2::text[]) as dead from farm.worker w where w.id = u.worker_id limit 1
       ) w on true
      where u.worker_id is not null
        and (coalesce(w.dead, true) or (u.id, u.leases) in (select * from unnest($3::bigint[], $4::int[])))
        for update of u skip locked`,
    [lost, ...fieldsOf(late, 'bundle', 'leases')],
  )
}

/** Dissolves bundles whose jobs the queue has lost. Their remaining batches get new bundles and jobs. */
export function requeue(database: Database, epoch: number, bundles: readonly DispatchedBundle[]): Promise<number> {
  return dissolve(
    database,
    epoch,
    `select u.id, u.leases, u.worker_id, null::boolean as late from farm.bundle u
       join unnest($3::bigint[], $4::int[]) j (id, leases) on j.id = u.id and j.leases = u.leases
      where $2::text[] is null
        for update of u skip locked`,
    [null, ...fieldsOf(bundles, 'bundle', 'leases')],
  )
}

/** At most this many batches of a bundle get a separate row in the table of failures. */
const namedBatches = 20

async function dissolve(database: Database, epoch: number, which: string, values: readonly unknown[]): Promise<number> {
  return asLeader(database, epoch, async (client) => {
    const { rows } = await client.query<{ left: number }>(
      `with gone as (
         ${which}
       ), moved as (
         update farm.pending p
            set generation = p.generation + 1, bundle = null, attempts = p.attempts + gone.leases,
                vanished = p.vanished + (gone.worker_id is not null)::int,
                state = case when gone.worker_id is not null and p.vanished + 1 >= $1 then 'failed' else 'ready' end
           from gone where p.bundle = gone.id
         returning gone.id, p.cell_id, p.first, p.count, p.generation, p.state, gone.worker_id, gone.late
       ), ended as (
         delete from farm.bundle u using gone where u.id = gone.id
       ), told as (
         insert into farm.pending_update (cells, batches, expected, trials_seconds, seconds)
         select array_agg(distinct cell_id), 0, 0, 0, 0 from moved where state = 'failed' having count(*) > 0
       ), written as (
         insert into farm.failure (cell_id, first, count, generation, worker_id, kind, message)
         select cell_id, first, count, generation - 1, worker_id, 'vanished',
                case when late then 'not finished long after its deadline'
                     else 'its worker stopped sending heartbeats' end
                  || case when number > 1 then format(', with %s batches in its bundle', number) else '' end
           from (select *, count(*) over (partition by id) as number,
                        row_number() over (partition by id order by state = 'failed' desc, cell_id, first) as place
                   from moved) m
          where worker_id is not null and late is not null and place <= ${namedBatches})
       select count(*)::int as left from moved`,
      [limits.vanished, ...values],
    )
    return rows[0]?.left ?? 0
  })
}
