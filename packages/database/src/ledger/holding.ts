import type { Database } from '../database.ts'

/** Sweeps that hold the cell of this id, the newest first. */
export async function sweepsHolding({ pool }: Database, cellId: string): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    'select s.id from farm.demand d join farm.sweep s on s.id = d.sweep_id where d.cell_id = $1 order by s.submitted_at desc, s.id',
    [cellId],
  )
  return rows.map(({ id }) => id)
}
