import type { RecentData } from '@driftfarm/report'
import type { Database } from '../connection/database.ts'
import { alive, iso, requestsOf } from '../ledger/conditions.ts'

/** The length of the period and of each bin, in seconds. This gives 120 bins, as many as a narrow chart can show. */
const seconds = 600
const binSeconds = 5
const maxSpans = 2_000
const maxMarks = 200

/**
 * The work of the last `seconds` in bins of `binSeconds`, for one sweep or all. A batch counts only for the sweep that
 * first contained its cell. The cost of the query depends only on the work that was stored in that time.
 */
export async function recentWork({ pool }: Database, sweepId: string | null): Promise<RecentData> {
  const { rows } = await pool.query<RecentData>(
    `with lately as materialized (
       select b.cell_id, b.count, b.worker_id, b.started_at, b.finished_at, b.cpu_seconds
         from farm.batch b
        where b.finished_at > now() - make_interval(secs => $1)
          and ($3::text is null or exists (
            select from ${requestsOf('$3', 'b.cell_id')}))),
     binned as (
       select date_bin(make_interval(secs => $2), l.finished_at, 'epoch') as at, count(*)::int as batches,
              sum(l.count)::text as trials, sum(l.cpu_seconds) as cpu_seconds
         from lately l group by 1),
     spans as (
       select l.worker_id, h.sweep_id, l.started_at, max(l.finished_at) as finished_at, count(*)::int as batches,
              sum(l.count)::text as trials
         from lately l
         cross join lateral (
           select d.sweep_id from farm.request d join farm.sweep s on s.id = d.sweep_id
            where d.cell_id = l.cell_id and ($3::text is null or d.sweep_id = $3)
            order by s.submitted_at limit 1) h
        where l.worker_id is not null and l.started_at is not null
        group by 1, 2, 3 order by finished_at desc limit ${maxSpans}),
     marks as (
       select w.started_at as at, 'began' as kind, w.kind || ' ' || w.id as text from farm.worker w
        where w.started_at > now() - make_interval(secs => $1)
       union all
       select w.seen_at, case when w.state = 'gone' then 'left' else 'silent' end, w.kind || ' ' || w.id
         from farm.worker w
        where (w.state = 'gone' or not ${alive('w')}) and w.seen_at > now() - make_interval(secs => $1)
       union all
       select f.at, 'failure', f.kind || ': ' || f.message from farm.failure f
        where f.at > now() - make_interval(secs => $1)
          and ($3::text is null or exists (
            select from ${requestsOf('$3', 'f.cell_id')}))
       order by at desc limit ${maxMarks})
     select ${iso('now() - make_interval(secs => $1)')} as from, ${iso('now()')} as to, $2::int as "binSeconds",
            (select coalesce(jsonb_agg(jsonb_build_object(
                      'at', ${iso('b.at')}, 'batches', b.batches, 'trials', b.trials, 'cpuSeconds', b.cpu_seconds)
                      order by b.at), '[]') from binned b) as bins,
            (select coalesce(jsonb_agg(jsonb_build_object(
                      'process', p.worker_id, 'sweep', p.sweep_id, 'name', s.name, 'startedAt', ${iso('p.started_at')},
                      'finishedAt', ${iso('p.finished_at')}, 'batches', p.batches, 'trials', p.trials)
                      order by p.started_at), '[]')
               from spans p join farm.sweep s on s.id = p.sweep_id) as spans,
            (select coalesce(jsonb_agg(jsonb_build_object('at', ${iso('m.at')}, 'kind', m.kind, 'text', m.text)
                      order by m.at), '[]') from marks m) as marks`,
    [seconds, binSeconds, sweepId],
  )
  return rows[0]!
}
