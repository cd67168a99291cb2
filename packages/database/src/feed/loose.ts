import type { Database } from '../connection/database.ts'
import { fieldsOf } from '../connection/values.ts'
import { insertBundles, type NewBundle } from '../ledger/bundle.ts'
import { liveRequestsFrom } from '../ledger/conditions.ts'
import { asLeader } from '../ledger/leadership.ts'
import { type Columns, columns, type RowOf } from '../ledger/rows.ts'
import type { CellCost } from './dispatch.ts'

/**
 * A batch that needs a new bundle. For example, the batch failed, was released or must be recomputed, or its worker or
 * its job was lost.
 */
export interface LooseBatch
  extends CellCost,
    Columns<'Pending', 'first' | 'count' | 'generation' | 'failures' | 'vanished'> {
  readonly cell: RowOf<'Cell'>['id']
  /** A sweep that requests the batch; null if no sweep requests it now. */
  readonly sweep: RowOf<'Sweep'>['id'] | null
}

/** Batches that are in no bundle, and neither parked nor given up. */
export async function looseBatches({ pool }: Database, kernel: number, limit: number): Promise<LooseBatch[]> {
  const { rows } = await pool.query<LooseBatch>(
    `select p.cell_id as cell, ${columns<'Pending'>('p', 'first', 'count', 'generation', 'failures', 'vanished')},
            ${columns<'Cell'>('c', 'kernel', 'form', 'cost')}, cardinality(c.marks) as marks,
            b.seconds as "secondsPerTrial", d.sweep
       from (select * from farm.pending p where p.bundle is null and p.state = 'ready' limit $2) p
       cross join lateral (select * from farm.cell c where c.id = p.cell_id and c.kernel <= $1 limit 1) c
       left join lateral (select b.cpu_seconds / b.count as seconds
                            from farm.batch b where b.cell_id = p.cell_id order by b.first desc limit 1) b on true
       cross join lateral (
         select min(d.sweep_id) as sweep from ${liveRequestsFrom('p.cell_id', 'p.first')}) d
      order by c.form, p.cell_id, p.first`,
    [kernel, limit],
  )
  return rows
}

/** Puts loose batches into new bundles, and parks those that no sweep requests. */
export async function rebundle(
  database: Database,
  epoch: number,
  bundles: readonly NewBundle<LooseBatch>[],
  unwanted: readonly LooseBatch[],
): Promise<void> {
  await asLeader(database, epoch, async (client) => {
    const moved = [...(await insertBundles(client, bundles)), ...unwanted.map((batch) => ({ ...batch, bundle: null }))]
    await client.query(
      `update farm.pending p set bundle = u.bundle, state = case when u.bundle is null then 'parked' else 'ready' end
         from unnest($1::text[], $2::bigint[], $3::int[], $4::bigint[]) u (cell, first, generation, bundle)
        where p.bundle is null and p.state = 'ready'
          and p.cell_id = u.cell and p.first = u.first and p.generation = u.generation`,
      [...fieldsOf(moved, 'cell', 'first', 'generation', 'bundle')],
    )
  })
}

/** Releases the parked batches that one of the sweeps requests. */
export async function unpark(database: Database, epoch: number, sweeps: readonly string[]): Promise<void> {
  await asLeader(database, epoch, async (client) => {
    await client.query(
      `update farm.pending p set state = 'ready'
        where p.state = 'parked'
          and exists (select from ${liveRequestsFrom('p.cell_id', 'p.first')} and d.sweep_id = any($1))`,
      [sweeps],
    )
  })
}
