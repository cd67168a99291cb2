import { formatDigest } from '@driftfarm/kernel'
import type pg from 'pg'
import type { Lease } from './workLedger.ts'

/**
 * Stops every sweep that contains the cell, and keeps the result that was stored first. Only the reference
 * implementation can show which result is right. Returns the stored reason.
 */
export async function stopForViolation(
  client: pg.PoolClient,
  { cell, first, count, generation }: Pick<Lease, 'cell' | 'first' | 'count' | 'generation'>,
  workerId: string,
  stored: string,
  digest: bigint,
): Promise<string> {
  const message =
    `trials ${first} to ${first + count - 1} of cell ${cell}: the stored digest is ${stored}, ` +
    `but ${workerId} computed ${formatDigest(digest)}`
  await client.query(
    `insert into farm.failure (cell_id, first, count, generation, worker_id, kind, message)
      values ($1, $2, $3, $4, $5, 'determinism', $6)`,
    [cell, first, count, generation, workerId, message],
  )
  await client.query('delete from farm.pending where cell_id = $1 and first = $2', [cell, first])
  await client.query(
    `update farm.sweep set state = 'stopped', reason = $2, finished_at = now()
      where id in (select sweep_id from farm.request where cell_id = $1)`,
    [cell, `DETERMINISM_VIOLATION: ${message}`],
  )
  return message
}
