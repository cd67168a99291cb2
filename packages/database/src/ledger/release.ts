import type { Database } from '../database.ts'
import type { Lease } from './workLedger.ts'

/**
 * Gives a leased batch back. It becomes ready under a new generation: the old job may still be in the queue, and a job
 * with an id that exists is not added.
 */
export async function release(database: Database, lease: Lease, workerId: string): Promise<void> {
  await database.transaction(
    (client) =>
      client.query(
        `update farm.batch set state = 'ready', generation = generation + 1, fed_at = null, worker_id = null
          where cell_id = $1 and first = $2 and state = 'leased' and worker_id = $3 and generation = $4`,
        [lease.job.cell, lease.first, workerId, lease.generation],
      ),
    { retry: true },
  )
}

export async function withdrawn(
  { pool }: Database,
  leases: readonly Lease[],
  workerId: string,
): Promise<readonly Lease[]> {
  if (leases.length === 0) return []
  const { rows } = await pool.query<{ place: number }>(
    `select l.place - 1 as place
       from unnest($1::text[], $2::bigint[]) with ordinality l (cell_id, first, place)
      where not exists (select from farm.batch b where b.cell_id = l.cell_id and b.first = l.first
                         and b.state = 'leased' and b.worker_id = $3)`,
    [leases.map(({ job }) => job.cell), leases.map(({ first }) => first), workerId],
  )
  return rows.map(({ place }) => leases[place]!)
}
