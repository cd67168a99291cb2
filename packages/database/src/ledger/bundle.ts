import type pg from 'pg'
import { prepared, run } from '../connection/prepared.ts'

const deleteStatement = prepared(`
  delete from farm.bundle u where u.id = $1 and not exists (select from farm.pending p where p.bundle = u.id)`)

/**
 * The transaction must already have locked the row of the bundle, or must not touch this row in any other statement.
 */
export async function deleteIfEmpty(client: pg.PoolClient, bundle: number): Promise<void> {
  await run(client, deleteStatement, [bundle])
}
