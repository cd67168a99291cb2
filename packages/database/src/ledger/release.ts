import type { Database } from '../database.ts'
import { deleteIfEmpty } from './bundle.ts'
import type { Lease } from './workLedger.ts'

/** Removes unfinished batches from their bundle. They are later put into new bundles. */
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
