import type pg from 'pg'
import { prepared, run } from '../connection/prepared.ts'
import { fieldsOf } from '../connection/values.ts'
import type { Columns } from './rows.ts'

export interface BundleHead extends Columns<'Cell', 'kernel'> {
  readonly sweep: string
  /** Expected thread time in seconds; null if the cost of its cells is unknown. */
  readonly seconds: number | null
  /** Whether the bundle is long. Some threads may be reserved for short bundles. */
  readonly isLong: boolean
  /**
   * Whether the job goes to the head of the queue. It does if no other bundle of the sweep is dispatched, or if the
   * bundle contains batches that were dispatched before and need a new bundle (`LooseBatch`).
   */
  readonly urgent: boolean
}

/** Returns the ids in the order of `bundles`. */
export async function insertBundles(
  client: pg.PoolClient,
  bundles: readonly (BundleHead & { readonly batches: readonly { readonly count: number }[] })[],
): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>(
    `select nextval(pg_get_serial_sequence('farm.bundle', 'id')) as id from generate_series(1, $1::int)`,
    [bundles.length],
  )
  const ids = rows.map(({ id }) => id)
  await client.query(
    `insert into farm.bundle (id, trials, sweep_id, kernel, seconds, urgent, long)
     select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::int[], $5::float8[], $6::boolean[],
                          $7::boolean[])`,
    [
      ids,
      bundles.map(({ batches }) => batches.reduce((sum, { count }) => sum + count, 0)),
      ...fieldsOf(bundles, 'sweep', 'kernel', 'seconds', 'urgent', 'isLong'),
    ],
  )
  return ids
}

const deleteStatement = prepared(`
  delete from farm.bundle u where u.id = $1 and not exists (select from farm.pending p where p.bundle = u.id)`)

/**
 * The transaction must already have locked the row of the bundle, or must not touch this row in any other statement.
 */
export async function deleteIfEmpty(client: pg.PoolClient, bundle: number): Promise<void> {
  await run(client, deleteStatement, [bundle])
}
