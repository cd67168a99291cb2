import type { Sweep } from '@driftfarm/spec'
import type { Database } from '../database.ts'
import { limits } from './limits.ts'

/** For each cell of the sweep that is known: how many trials from 0 on are done without a gap, whoever asked for them. */
export async function planShare({ pool }: Database, sweep: Sweep): Promise<ReadonlyMap<string, number>> {
  const done = new Map<string, number>()
  const look = async (ids: readonly string[]): Promise<void> => {
    const { rows } = await pool.query<{ id: string; trials: number }>(
      `select c.id, coalesce((select min(b.first) from farm.batch b where b.cell_id = c.id and b.digest is null), c.next) as trials
         from farm.cell c where c.id = any($1)`,
      [ids],
    )
    for (const { id, trials } of rows) done.set(id, trials)
  }
  let ids: string[] = []
  for (const { id } of sweep.cells()) {
    if (ids.push(id) < limits.cellsAtATime) continue
    await look(ids)
    ids = []
  }
  if (ids.length > 0) await look(ids)
  return done
}
