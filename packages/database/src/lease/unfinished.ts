import type { Database } from '../connection/database.ts'
import { fieldsOf } from '../connection/values.ts'
import { deleteIfEmpty } from '../ledger/bundle.ts'
import { limits } from '../ledger/limits.ts'
import type { BatchFailure, Lease } from '../ledger/workLedger.ts'

/**
 * Each reported failure raises the generation of the batch. If the reply is lost and the worker reports the failure
 * again, the second report has an old generation and is not counted. If the batch is given up, its cell is added to the
 * pending updates.
 */
export async function fail(
  database: Database,
  { cell, first, bundle, generation }: Lease,
  workerId: string,
  { kind, message }: BatchFailure,
): Promise<void> {
  const counted = `
    with counted as (
      update farm.pending p
         set failures = failures + 1, generation = generation + 1, bundle = null, finished_at = now(),
             attempts = attempts + coalesce((select leases from farm.bundle where id = p.bundle), 0),
             state = case when failures + 1 >= $6 then 'failed' else 'ready' end
       where cell_id = $1 and first = $2 and generation = $4 and bundle = $3
      returning count, state
    ), told as (
      insert into farm.pending_update (cells, batches, expected, trials_seconds, seconds)
      select array[$1], 0, 0, 0, 0 from counted where state = 'failed')
    insert into farm.failure (cell_id, first, count, generation, worker_id, kind, message)
    select $1, $2, count, $4, $5, $7, $8 from counted`
  const values = [cell, first, bundle, generation, workerId, limits.failures, kind, message.slice(0, 4000)]
  await leave(database, bundle, counted, values)
}

/** Removes unfinished batches from their bundle. They are later put into new bundles. */
export async function release(database: Database, leases: readonly Lease[]): Promise<void> {
  const [some] = leases
  if (some === undefined) return
  const { bundle } = some
  const released = `
    update farm.pending p
       set generation = p.generation + 1, bundle = null,
           attempts = attempts + coalesce((select leases from farm.bundle where id = p.bundle), 0)
      from unnest($2::text[], $3::bigint[], $4::int[]) u (cell, first, generation)
     where p.bundle = $1 and p.cell_id = u.cell and p.first = u.first and p.generation = u.generation`
  await leave(database, bundle, released, [bundle, ...fieldsOf(leases, 'cell', 'first', 'generation')])
}

/** Runs a statement by which batches leave their bundle, and deletes the bundle if it is empty then. */
const leave = (database: Database, bundle: number, statement: string, values: readonly unknown[]): Promise<void> =>
  database.transaction(
    async (client) => {
      await client.query('select from farm.bundle where id = $1 for update', [bundle])
      await client.query(statement, [...values])
      await deleteIfEmpty(client, bundle)
    },
    { retry: true },
  )
