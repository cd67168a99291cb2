import type pg from 'pg'

const advisoryLockKey = 620_261_124

/**
 * Submissions and removals one at a time: two that hold the same cells in another order would block each other for
 * ever, and a cell must not go while another sweep takes it. For this transaction only, so a frozen holder is cut off.
 */
export async function oneAtATime(client: pg.PoolClient): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1)', [advisoryLockKey])
}
