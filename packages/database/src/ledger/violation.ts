import { formatDigest } from '@driftfarm/kernel'
import type pg from 'pg'
import type { Lease } from './workLedger.ts'

/**
 * Stops every sweep that contains the cell, and keeps the bytes that were stored first. Only the reference can tell
 * which are right.
 */
export async function stopForViolation(
  client: pg.PoolClient,
  { job, first, count, generation }: Lease,
  workerId: string,
  stored: bigint,
  digest: bigint,
): Promise<{ readonly message: string }> {
  const message =
    `trials ${first} to ${first + count - 1} of cell ${job.cell}: stored ${formatDigest(stored)}, ` +
    `computed again ${formatDigest(digest)} by ${workerId}`
  await client.query(
    `insert into farm.failure (cell_id, first, count, generation, worker_id, kind, message)
      values ($1, $2, $3, $4, $5, 'determinism', $6)`,
    [job.cell, first, count, generation, workerId, message],
  )
  await client.query(`update farm.batch set state = 'done', cut = null where cell_id = $1 and first = $2`, [
    job.cell,
    first,
  ])
  await client.query(
    `update farm.sweep set state = 'stopped', reason = $2, finished_at = now()
      where id in (select sweep_id from farm.demand where cell_id = $1)`,
    [job.cell, `DETERMINISM_VIOLATION: ${message}`],
  )
  return { message }
}
