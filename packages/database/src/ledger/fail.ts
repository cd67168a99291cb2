import type { Database } from '../database.ts'
import { limits } from './limits.ts'
import type { BatchFailure, Lease } from './workLedger.ts'

/**
 * Records a failure of a leased batch. The generation prevents one failure from being counted twice when the first
 * answer was lost.
 */
export async function fail(
  database: Database,
  lease: Lease,
  workerId: string,
  { kind, message }: BatchFailure,
): Promise<void> {
  const { cell } = lease.job
  await database.transaction(
    (client) =>
      client.query(
        `with counted as (
           update farm.batch
              set failures = failures + 1, generation = generation + 1, fed_at = null, finished_at = now(),
                  state = case when failures + 1 >= $5 then 'failed' else 'ready' end
            where cell_id = $1 and first = $2 and generation = $4 and state = 'leased'
           returning count)
         insert into farm.failure (cell_id, first, count, generation, worker_id, kind, message)
         select $1, $2, count, $4, $3, $6, $7 from counted`,
        [cell, lease.first, workerId, lease.generation, limits.failures, kind, message.slice(0, 4000)],
      ),
    { retry: true },
  )
}
