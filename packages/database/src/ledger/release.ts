import type { Database } from '../database.ts'
import { deleteIfEmpty } from './bundle.ts'
import type { Lease } from './workLedger.ts'

/** Takes leased batches, all of one bundle, out of it before they are finished; they are bundled anew. */
export async function release(database: Database, leases: readonly Lease[]): Promise<void> {
  const [some] = leases
  if (some === undefined) return
  const { bundle } = some
  await database.transaction(
    async (client) => {
      await client.query('select from farm.bundle where id = $1 for update', [bundle])
      await client.query(
        `update farm.pending p
            set generation = p.generation + 1, bundle = null,
                attempts = attempts + coalesce((select leases from farm.bundle where id = p.bundle), 0)
           from unnest($2::text[], $3::bigint[], $4::int[]) u (cell, first, generation)
          where p.bundle = $1 and p.cell_id = u.cell and p.first = u.first and p.generation = u.generation`,
        [
          bundle,
          leases.map(({ cell }) => cell),
          leases.map(({ first }) => first),
          leases.map(({ generation }) => generation),
        ],
      )
      await deleteIfEmpty(client, bundle)
    },
    { retry: true },
  )
}

/** Which of the leases no longer belong to the worker: done by another, withdrawn, or bundled anew. */
export async function withdrawn(
  { pool }: Pick<Database, 'pool'>,
  leases: readonly Lease[],
  workerId: string,
): Promise<readonly Lease[]> {
  if (leases.length === 0) return []
  const { rows } = await pool.query<{ place: number }>(
    `select l.place from unnest($1::text[], $2::bigint[], $3::bigint[]) with ordinality l (cell, first, bundle, place)
       left join lateral (
         select p.bundle from farm.pending p where p.cell_id = l.cell and p.first = l.first limit 1) p on true
       left join lateral (select u.worker_id from farm.bundle u where u.id = l.bundle limit 1) u on true
      where p.bundle is distinct from l.bundle or u.worker_id is distinct from $4`,
    [leases.map(({ cell }) => cell), leases.map(({ first }) => first), leases.map(({ bundle }) => bundle), workerId],
  )
  return rows.map(({ place }) => leases[place - 1]!)
}
