import { type Premises, premisesVersion } from '@driftfarm/statistics'
import type pg from 'pg'
import type { Database } from '../database.ts'
import { isOver } from './states.ts'
import type { Lease } from './workLedger.ts'

/**
 * SQL: whether the worker of batch `b` is to find the premises of its cell: the first batch does, so that many at once
 * do not, and any later one where the first ended without (by an older version, or given up). `version`: a parameter.
 */
export const premisesWanted = (b: string, version: string): string =>
  `(not exists (select from farm.premises p where p.cell_id = ${b}.cell_id and p.version >= ${version})
    and (${b}.first = 0 or exists (select from farm.batch z where z.cell_id = ${b}.cell_id and z.first = 0
    and ${isOver('z')})))`

/**
 * The same cell has the same premises, so the first to come are kept. Others of their version are a machine that
 * computes wrongly: that is noted among the failures and stops nothing, since no trial rests on them; `verify` says
 * which are right.
 */
export async function keepPremises(
  client: pg.PoolClient,
  { job, first, count, generation }: Lease,
  workerId: string,
  premises: Premises,
): Promise<void> {
  const document = JSON.stringify(premises)
  const { rowCount } = await client.query(
    `insert into farm.premises as p (cell_id, version, document) values ($1, $2, $3)
     on conflict (cell_id) do update set version = excluded.version, document = excluded.document
     where p.version < excluded.version`,
    [job.cell, premises.version, document],
  )
  if (rowCount === 1) return
  // What one machine had no time or memory for says nothing against what another found.
  await client.query(
    `insert into farm.failure (cell_id, first, count, generation, worker_id, kind, message)
     select $1, $4, $5, $6, $7, 'premises', 'the premises of the cell differ from the stored ones'
       from farm.premises p where p.cell_id = $1 and p.version = $2 and p.document <> $3::jsonb
        and p.document -> 'failed' = '[]' and $3::jsonb -> 'failed' = '[]'`,
    [job.cell, premises.version, document, first, count, generation, workerId],
  )
}

/** Of a cell; null where none of this version are kept. */
export async function premisesOfCell(database: Database, cellId: string): Promise<Premises | null> {
  const { premises } = await database.prisma()
  const kept = await premises.findUnique({ where: { cellId, version: premisesVersion }, select: { document: true } })
  return (kept?.document as Premises | undefined) ?? null
}
