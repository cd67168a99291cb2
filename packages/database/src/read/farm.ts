import type { WholeFarmData } from '@driftfarm/report'
import type { Database } from '../connection/database.ts'
import { alive, displayedState, iso, present, schedulable } from '../ledger/conditions.ts'
import { columns } from '../ledger/rows.ts'
import { hasReported, isRenewed } from './presence.ts'

/**
 * The processes of the farm with their current work, the leading coordinator first. The cost depends only on the
 * dispatched work.
 */
export async function farmProcesses({ pool }: Database): Promise<WholeFarmData['processes']> {
  const { rows } = await pool.query<WholeFarmData['processes'][number]>(
    `select ${columns<'Worker'>('w', 'id', 'kind', 'host', 'pid', 'kernel', 'queue', 'engine')},
            ${columns<'Worker'>('w', 'batches', 'cpuSeconds')},
            case when w.kind = 'coordinator' then 0 else w.threads end as threads, w.trials::text as trials,
            case when not ${alive('w')} then 'silent' when not ${hasReported('w')} then 'late'
                 else w.state end as state,
            l.holder is not null as leads, ${iso('w.started_at')} as "startedAt", ${iso('w.seen_at')} as "seenAt",
            coalesce(n.now, '[]') as now
       from farm.worker w
       left join farm.leader l on l.holder = w.id and ${isRenewed('l')}
       left join lateral (
         select jsonb_agg(jsonb_build_object(
                  'sweep', x.sweep_id, 'name', s.name, 'batches', x.batches, 'trials', x.trials,
                  'startedAt', ${iso('x.started_at')}) order by x.started_at, x.sweep_id) as now
           from (select u.sweep_id, count(*) as batches, sum(p.count)::text as trials, min(u.started_at) as started_at
                   from farm.bundle u join farm.pending p on p.bundle = u.id
                  where u.worker_id = w.id group by u.sweep_id) x
           join farm.sweep s on s.id = x.sweep_id) n on true
      where ${present('w')}
      order by leads desc, w.started_at, w.id`,
  )
  return rows
}

/** Batches and sweeps by state, and the work stored within the last minute. */
type FarmCounts = Pick<WholeFarmData, 'queue' | 'sweeps' | 'lastMinute'>

export async function farmCounts({ pool }: Database): Promise<FarmCounts> {
  const { rows } = await pool.query<FarmCounts>(
    `select
       (select jsonb_build_object('waiting', q.waiting, 'running', q.running, 'failed', q.failed)
          from public.queue q) as queue,
       (select coalesce(jsonb_object_agg(x.state, x.number), '{}')
          from (select ${displayedState('s')} as state, count(*) as number from farm.sweep s group by 1) x) as sweeps,
       (select jsonb_build_object('batches', count(*), 'trials', coalesce(sum(b.count), 0)::text,
                                  'cpuSeconds', coalesce(sum(b.cpu_seconds), 0))
          from farm.batch b where b.finished_at > now() - interval '1 minute') as "lastMinute"`,
  )
  return rows[0]!
}

/**
 * Numbers for metrics: the total stored work of present and former processes, the open cells, the sweeps that were
 * stopped because a recomputed batch differed from the stored one, and the open and allowed connections of the server.
 * The query scans the rows of all sweeps.
 */
type FarmTotals = Readonly<
  Record<
    | ('batches_total' | 'trials_total' | 'cpu_seconds_total' | 'open_cells' | 'sweeps_violated')
    | ('database_bytes' | 'database_connections' | 'database_connections_max'),
    number
  >
>

export async function farmTotals({ pool }: Database): Promise<FarmTotals> {
  const { rows } = await pool.query<FarmTotals>(
    `select coalesce(sum(w.batches), 0)::float8 as batches_total, coalesce(sum(w.trials), 0)::float8 as trials_total,
            coalesce(sum(w.cpu_seconds), 0) as cpu_seconds_total,
            (select coalesce(sum(s.open), 0)::float8 from farm.sweep s where ${schedulable('s')}) as open_cells,
            (select count(*) from farm.sweep s
              where s.state = 'stopped' and s.reason like 'DETERMINISM_VIOLATION%') as sweeps_violated,
            pg_database_size(current_database()) as database_bytes,
            (select count(*) from pg_stat_activity where backend_type = 'client backend') as database_connections,
            current_setting('max_connections')::integer as database_connections_max
       from farm.worker w`,
  )
  return rows[0]!
}
