import type { Answer } from '@driftfarm/report'
import type { Database } from '../connection/database.ts'
import { iso, requestsOf, requestsOn } from '../ledger/conditions.ts'

/** A farm may have had millions of failures; only the newest are read. */
const maxRead = 10_000
const maxCauses = 100
/** Maximum length of each list in a cause. */
const maxListed = 10

/** SQL: replaces numbers and ids by #, so that all failures with one cause have the same text. */
const common = `regexp_replace(f.message, '[0-9a-f]{8}[0-9a-f-]*|[-+]?[0-9]+([.][0-9]+)?(e[-+]?[0-9]+)?', '#', 'g')`

/**
 * The newest failures, grouped by cause, of one sweep or of all sweeps. Causes that affect given-up batches come first.
 */
export async function failureCauses({ pool }: Database, sweepId: string | null = null): Promise<Answer<'failures'>> {
  const { rows } = await pool.query<Answer<'failures'>['causes'][number] & { readonly looked: number }>(
    `with looked as materialized (
       select f.id, f.cell_id, f.first, f.worker_id, f.kind, f.message, f.at, ${common} as cause
         from farm.failure f
        where $1::text is null or exists (
          select from ${requestsOf('$1', 'f.cell_id')})
        order by f.id desc limit ${maxRead}),
     caused as (
       select f.kind, f.cause, count(*)::int as count, min(f.at) as first_at, max(f.at) as last_at,
              (array_agg(f.message order by f.id desc))[1] as message,
              count(distinct (f.cell_id, f.first)) filter (where exists (
                select from farm.pending p
                 where p.cell_id = f.cell_id and p.first = f.first and p.state = 'failed'))::int as open,
              (array_agg(f.cell_id order by f.id desc))[1:${maxListed}] as cells,
              (array_agg(distinct f.worker_id) filter (where f.worker_id is not null))[1:${maxListed}] as processes
         from looked f group by f.kind, f.cause)
     select c.kind, c.message, c.count, c.open, ${iso('c.first_at')} as "firstAt", ${iso('c.last_at')} as "lastAt",
            coalesce(c.processes, '{}') as processes, coalesce(h.sweeps, '[]') as sweeps,
            coalesce(h.cells, '[]') as cells, (select count(*)::int from looked) as looked
       from caused c
       left join lateral (
         select jsonb_agg(distinct jsonb_build_object('id', s.id, 'name', s.name)) as sweeps,
                jsonb_agg(distinct jsonb_build_object('sweep', s.id, 'index', d.index)) as cells
           from unnest(c.cells) u (id)
           cross join lateral ${requestsOn('u.id')}
           join farm.sweep s on s.id = d.sweep_id
          where $1::text is null or s.id = $1) h on true
      order by c.open > 0 desc, c.last_at desc limit ${maxCauses}`,
    [sweepId],
  )
  return {
    causes: rows.map(({ looked: _, sweeps, cells, ...cause }) => ({
      ...cause,
      sweeps: sweeps.slice(0, maxListed),
      cells: cells.slice(0, maxListed),
    })),
    looked: rows[0]?.looked ?? 0,
  }
}
