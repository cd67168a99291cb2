import { type Premises, premisesVersion } from '@driftfarm/statistics'
import type pg from 'pg'
import { arrayOf } from '../connection/copy.ts'
import type { Database } from '../connection/database.ts'
import { prepared, run } from '../connection/prepared.ts'
import { fieldsOf } from '../connection/values.ts'
import type { LeasedResult } from './workLedger.ts'

/**
 * SQL: pending batch `p` is the first of its cell and was never removed from its bundle. The condition does not check
 * whether the cell already has premises, because they are rarely stored before the first batch is computed. If the cell
 * has premises, they are computed again.
 */
export const isFirstBatch = (p: string): string => `(${p}.first = 0 and ${p}.generation = 1 and not ${p}.again)`

/**
 * SQL: whether the worker of pending batch `p` must compute the premises of the cell. The first batch computes them, so
 * that concurrent batches do not repeat the work. If the first batch is finished or given up, but no premises of this
 * version or a later one are stored, a later batch computes them. For example, an older version of Drift Farm may have
 * computed the first batch. `offset 0` keeps the planner from reading the premises of all cells into a hash table.
 */
export const premisesWanted = (p: string, version: string): string =>
  `(${isFirstBatch(p)}
    or not exists (select from farm.premises q
                    where q.cell_id = ${p}.cell_id and q.version >= ${version} offset 0)
    and (${p}.first = 0
      or exists (select from farm.batch z where z.cell_id = ${p}.cell_id and z.first = 0 offset 0)
      or exists (select from farm.pending z
                  where z.cell_id = ${p}.cell_id and z.first = 0 and z.state = 'failed' offset 0)))`

/**
 * SQL: the level of the stored premises for the cell of pending batch `p`, if the batch may raise this level; otherwise
 * null. A level limits the computing time for premises, and more requested trials justify a higher level. A batch may
 * raise the level if it contains trial 1000, 10^4, 10^5 or a higher power of ten. Exactly one batch contains each of
 * these trials, so only this batch checks for a higher level. A recomputed batch never raises the level.
 */
export const levelToRaise = (p: string, version: string): string =>
  `(select ${level('q')} from farm.premises q
     where ${p}.first + ${p}.count > 1000 and not ${p}.again
       and length((${p}.first + ${p}.count - 1)::text) > length(greatest(${p}.first - 1, 0)::text)
       and q.cell_id = ${p}.cell_id and q.version = ${version} offset 0)`

const level = (p: string): string => `(${p}.document ->> 'level')::int`

const replacedBy = (p: string, other: string): string =>
  `(${p}.version < ${other}.version
    or (${p}.version = ${other}.version
        and (${isLost(p)} or (not ${isLost(other)} and ${level(p)} < ${level(other)}))))`

/**
 * SQL: the premises `p` are lost: parts of them failed because of the machine and not because of the cell. A later run
 * computes them again. An index lists the premises whose text contains the word "lost".
 */
const isLost = (p: string): string =>
  `(strpos(${p}.document::text, '"lost"') > 0 and (${p}.document ->> 'lost') is not null)`

export const premisesText = (d: string): string =>
  `(select p.document::text from farm.premises p
     where p.cell_id = ${d}.cell_id and p.version = ${premisesVersion} limit 1)`

/**
 * Premises of the same cell and level must be equal, so the first ones are kept until premises of a higher level
 * arrive. If later premises of the same version and level differ, one of the machines computes wrong results. The
 * difference is recorded as a failure but stops nothing, since no trial depends on premises. `verify` shows which
 * premises are right.
 */
export async function storePremises(
  client: pg.PoolClient,
  results: readonly LeasedResult[],
  workerId: string,
): Promise<void> {
  const kept = results.filter(({ result }) => result.premises !== null)
  if (kept.length === 0) return
  const leases = kept.map(({ lease }) => lease)
  const values = [
    arrayOf.text(leases.map(({ cell }) => cell)),
    arrayOf.int4(kept.map(({ result }) => result.premises!.version)),
    arrayOf.json(kept.map(({ result }) => JSON.stringify(result.premises))),
  ]
  const { rowCount } = await run(client, storeStatement, values)
  if (rowCount === kept.length) return
  // Premises with a failed part are not compared, because the part may have failed on only one of the machines.
  await client.query(
    `insert into farm.failure (cell_id, first, count, generation, worker_id, kind, message)
     select u.cell, u.first, u.count, u.generation, $7, 'premises',
            'the premises of the cell differ from the stored ones'
       from unnest($1::text[], $2::int[], $3::json[], $4::bigint[], $5::bigint[], $6::int[])
              u (cell, version, document, first, count, generation)
       cross join lateral (select * from farm.premises p where p.cell_id = u.cell and p.version = u.version limit 1) p
      where p.document::jsonb <> u.document::jsonb and ${level('p')} = ${level('u')}
        and p.document #>> '{failed}' = '[]' and u.document #>> '{failed}' = '[]'`,
    [...values, ...fieldsOf(leases, 'first', 'count', 'generation'), workerId],
  )
}

const storeStatement = prepared(`
  insert into farm.premises as p (cell_id, version, document)
  select u.cell, u.version, u.document
    from unnest($1::text[], $2::int[], $3::json[]) u (cell, version, document)
   where exists (select from farm.cell c where c.id = u.cell offset 0)
  on conflict (cell_id) do update set version = excluded.version, document = excluded.document
  where ${replacedBy('p', 'excluded')}`)

/** The premises of a cell; null if none of this version are stored. */
export async function premisesOfCell(database: Database, cellId: string): Promise<Premises | null> {
  const { premises } = await database.prisma()
  const kept = await premises.findUnique({ where: { cellId, version: premisesVersion }, select: { document: true } })
  return (kept?.document as Premises | undefined) ?? null
}

/** Deletes the lost premises of the cells of a sweep, so that the next batch of each such cell computes them. */
export async function deleteLostPremises(client: pg.PoolClient, sweepId: string): Promise<void> {
  await client.query(
    `delete from farm.premises p where ${isLost('p')}
        and exists (select from farm.request d where d.cell_id = p.cell_id and d.sweep_id = $1)`,
    [sweepId],
  )
}

/**
 * Returns at most `most` cells of a sweep that have trials but no valid premises. Premises of an earlier version and
 * lost premises (`isLost`) are not valid. The documents of the premises are not read, because for a large sweep this
 * would take as long as the rest of the query.
 */
export async function indicesWithoutPremises({ pool }: Pick<Database, 'pool'>, sweepId: string, most: number | null) {
  const { rows } = await pool.query<{ index: number; trials: number }>(
    `select index, trials
       from (select d.index, d.trials from farm.request d
              where d.sweep_id = $1 and d.trials > 0
                and not exists (select from farm.premises p where p.cell_id = d.cell_id and p.version >= $2 offset 0)
             union
             select d.index, d.trials from farm.premises p
               join farm.request d on d.cell_id = p.cell_id and d.sweep_id = $1
              where ${isLost('p')} and d.trials > 0) d
      order by index limit $3`,
    [sweepId, premisesVersion, most],
  )
  return rows
}

/** Stores premises, unless the cell has been removed, or has others of the same version that should be kept. */
export async function storeFoundPremises(
  { pool }: Pick<Database, 'pool'>,
  cellId: string,
  premises: Premises,
): Promise<void> {
  await pool.query(storeStatement.text, [[cellId], [premises.version], [JSON.stringify(premises)]])
}
