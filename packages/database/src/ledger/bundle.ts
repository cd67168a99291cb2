import type pg from 'pg'
import { prepared, run } from '../connection/prepared.ts'
import { fieldsOf } from '../connection/values.ts'
import type { Columns } from './rows.ts'
import type { BundleJob, CellTrials } from './workLedger.ts'

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

/** A bundle that is not stored yet. By default, its trials of a cell follow those already dispatched. */
export interface NewBundle<Batch extends Pick<CellTrials, 'count'> = CellTrials> extends BundleHead {
  readonly batches: readonly Batch[]
}

/** Returns the batches of all bundles, in order, with the ids of their bundles. */
export async function insertBundles<Batch extends Pick<CellTrials, 'count'>>(
  client: pg.PoolClient,
  bundles: readonly NewBundle<Batch>[],
): Promise<(Batch & BundleJob)[]> {
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
  return bundles.flatMap(({ batches }, place) => batches.map((batch) => ({ ...batch, bundle: ids[place]! })))
}

const deleteStatement = prepared(`
  delete from farm.bundle u where u.id = $1 and not exists (select from farm.pending p where p.bundle = u.id)`)

/**
 * The transaction must already have locked the row of the bundle, or must not touch this row in any other statement.
 */
export async function deleteIfEmpty(client: pg.PoolClient, bundle: number): Promise<void> {
  await run(client, deleteStatement, [bundle])
}
