import { type Premises, premisesVersion } from '@driftfarm/statistics'
import type pg from 'pg'
import type { Database } from '../database.ts'
import { joined, textsOf } from '../texts.ts'
import type { LeasedResult } from './workLedger.ts'

/**
 * SQL: whether the worker of pending batch `p` is to compute the premises of its cell. The first batch does, so that
 * concurrent batches do not; a later one does if the first is over without premises (computed by an older version, or
 * given up). `version` is a parameter of the statement. `offset 0` keeps the planner from reading all premises into a
 * table of hashes instead of looking one up.
 */
export const premisesWanted = (p: string, version: string): string =>
  `(not exists (select from farm.premises q where q.cell_id = ${p}.cell_id and q.version >= ${version} offset 0)
    and (${p}.first = 0
      or exists (select from farm.batch z where z.cell_id = ${p}.cell_id and z.first = 0 offset 0)
      or exists (select from farm.pending z
                  where z.cell_id = ${p}.cell_id and z.first = 0 and z.state = 'failed' offset 0)))`

/**
 * Stores the premises of cells. The same cell has the same premises, so the first that arrive are kept. If later ones
 * of the same version differ, a machine computes wrongly. That is recorded as a failure and stops nothing, since no
 * trial depends on premises; `verify` tells which are right.
 */
export async function keepPremises(
  client: pg.PoolClient,
  results: readonly LeasedResult[],
  workerId: string,
): Promise<void> {
  const kept = results.filter(({ result }) => result.premises !== null)
  if (kept.length === 0) return
  const values = [
    kept.map(({ lease }) => lease.cell),
    kept.map(({ result }) => result.premises!.version),
    joined(kept.map(({ result }) => JSON.stringify(result.premises))),
  ]
  const { rowCount } = await client.query(
    `insert into farm.premises as p (cell_id, version, document)
     select u.cell, u.version, u.document::json
       from unnest($1::text[], $2::int[], ${textsOf('$3')}) u (cell, version, document)
     on conflict (cell_id) do update set version = excluded.version, document = excluded.document
     where p.version < excluded.version`,
    values,
  )
  if (rowCount === kept.length) return
  // Premises with parts that one machine could not compute do not contradict complete ones.
  await client.query(
    `insert into farm.failure (cell_id, first, count, generation, worker_id, kind, message)
     select u.cell, u.first, u.count, u.generation, $7, 'premises',
            'the premises of the cell differ from the stored ones'
       from unnest($1::text[], $2::int[], ${textsOf('$3')}, $4::bigint[], $5::bigint[], $6::int[])
              u (cell, version, document, first, count, generation)
       cross join lateral (select * from farm.premises p where p.cell_id = u.cell and p.version = u.version limit 1) p
      where p.document::jsonb <> u.document::jsonb
        and p.document #>> '{failed}' = '[]' and u.document::json #>> '{failed}' = '[]'`,
    [
      ...values,
      kept.map(({ lease }) => lease.first),
      kept.map(({ lease }) => lease.count),
      kept.map(({ lease }) => lease.generation),
      workerId,
    ],
  )
}

/** The premises of a cell; null where none of this version are stored. */
export async function premisesOfCell(database: Database, cellId: string): Promise<Premises | null> {
  const { premises } = await database.prisma()
  const kept = await premises.findUnique({ where: { cellId, version: premisesVersion }, select: { document: true } })
  return (kept?.document as Premises | undefined) ?? null
}
