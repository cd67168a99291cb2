import type { Database } from '../database.ts'

/** Ids of the sweeps that contain this cell, newest first. */
export async function sweepsWithCell({ pool }: Database, cellId: string): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `select s.id from farm.sweep s where s.id in (select d.sweep_id from farm.request d where d.cell_id = $1)
      order by s.submitted_at desc, s.id`,
    [cellId],
  )
  return rows.map(({ id }) => id)
}
