import type pg from 'pg'

const advisoryLockKey = 620_261_124

/**
 * Serialises submissions and removals until the end of the transaction. Without this lock, two transactions that lock
 * the same cells in different orders would deadlock, and a cell could be removed while another sweep starts to use it.
 * The lock ends with the transaction, so a frozen process loses the lock as soon as the server ends the transaction.
 */
export async function serialiseSubmissions(client: pg.PoolClient): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1)', [advisoryLockKey])
}
