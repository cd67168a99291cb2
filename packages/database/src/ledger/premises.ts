import { type Premises, premisesVersion } from '@driftfarm/statistics'
import type pg from 'pg'
import type { Database } from '../database.ts'
import { isOver } from './states.ts'
import type { Lease } from './workLedger.ts'

/**
 * SQL: whether the worker of batch `b` is to compute the premises of its cell. The first batch does, so that concurrent
 * batches do not; a later one does if the first is over without premises (computed by an older version, or given up).
 * `version` is a parameter of the statement.
 */
export const premisesWanted = (b: string, version: string): string =>
  `(not exists (select from farm.premises p where p.cell_id = ${b}.cell_id and p.version >= ${version})
    and (${b}.first = 0
      or exists (select from farm.batch z where z.cell_id = ${b}.cell_id and z.first = 0 and ${isOver('z')})))`

/**
 * Stores the premises of a cell. The same cell has the same premises, so the first that arrive are kept. If later ones
 * of the same version differ, a machine computes wrongly. That is recorded as a failure and stops nothing, since no
 * trial depends on premises; `verify` tells which are right.
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
  // Premises with parts that one machine could not compute do not contradict complete ones.
  await client.query(
    `insert into farm.failure (cell_id, first, count, generation, worker_id, kind, message)
     select $1, $4, $5, $6, $7, 'premises', 'the premises of the cell differ from the stored ones'
       from farm.premises p where p.cell_id = $1 and p.version = $2 and p.document <> $3::jsonb
        and p.document -> 'failed' = '[]' and $3::jsonb -> 'failed' = '[]'`,
    [job.cell, premises.version, document, first, count, generation, workerId],
  )
}

/** The premises of a cell; null where none of this version are stored. */
export async function premisesOfCell(database: Database, cellId: string): Promise<Premises | null> {
  const { premises } = await database.prisma()
  const kept = await premises.findUnique({ where: { cellId, version: premisesVersion }, select: { document: true } })
  return (kept?.document as Premises | undefined) ?? null
}
