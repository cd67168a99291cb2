import type { Database } from '@driftfarm/database'

/**
 * What the planner knows of the tables: their newest state, what they were when they held little, or nothing at all.
 * `stale` comes by itself where tables grow after they were analysed.
 */
export const knowledge = ['stale', 'absent', 'fresh'] as const
export type Knowledge = (typeof knowledge)[number]

/** SQL: the tables of the farm. */
const tables = `pg_class c where c.relnamespace = 'farm'::regnamespace and c.relkind = 'r'`

export async function analyse({ pool }: Database): Promise<void> {
  const { rows } = await pool.query<{ names: string }>(
    `select string_agg(c.oid::regclass::text, ', ') as names from ${tables}`,
  )
  await pool.query(`vacuum (analyze) ${rows[0]!.names}`)
}

/** Makes the planner forget all that it knows of the tables and their indexes, as if they had never been analysed. */
export async function forget({ pool }: Database): Promise<void> {
  // Rows that come and go leave dead ones, which are to be as few as in the other states.
  await pool.query('vacuum farm.sweep, farm.pending, farm.bundle, farm.pending_update, farm.worker, farm.leader')
  const all = `pg_class c where c.relnamespace = 'farm'::regnamespace and c.relkind in ('r', 'i')`
  await pool.query(
    `select pg_clear_attribute_stats('farm', c.relname, a.attname, false)
       from (select c.oid, c.relname from ${all}) c
       join pg_statistic s on s.starelid = c.oid
       join pg_attribute a on a.attrelid = c.oid and a.attnum = s.staattnum`,
  )
  await pool.query(`select pg_clear_relation_stats('farm', c.relname) from ${all}`)
}
