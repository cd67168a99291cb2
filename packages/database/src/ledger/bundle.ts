import type pg from 'pg'
import { prepared, run } from '../prepared.ts'

const deletion = prepared(`
  delete from farm.bundle u where u.id = $1 and not exists (select from farm.pending p where p.bundle = u.id)`)

/**
 * Deletes a bundle with nothing left in it. Its row must be locked by the transaction, or be touched by nothing else
 * in it.
 */
export async function deleteIfEmpty(client: pg.PoolClient, bundle: number): Promise<void> {
  await run(client, deletion, [bundle])
}
