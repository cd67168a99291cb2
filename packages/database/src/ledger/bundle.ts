import type pg from 'pg'
import { prepared, run } from '../prepared.ts'

const deleteStatement = prepared(`
  delete from farm.bundle u where u.id = $1 and not exists (select from farm.pending p where p.bundle = u.id)`)

/**
 * Deletes a bundle if it is empty. Call it only if the transaction has already locked the row of the bundle, or if no
 * other statement of the transaction touches this row.
 */
export async function deleteIfEmpty(client: pg.PoolClient, bundle: number): Promise<void> {
  await run(client, deleteStatement, [bundle])
}
