import { type Database, invariants } from '@driftfarm/database'
import type { QueueFactory } from '../../packages/queue/src/index.ts'
import type { Found } from './row.ts'
import { type Given, plannedTrials } from './sweeps.ts'

/** Violated requirements, as sentences. */
export class Broken extends Error {
  override readonly name = 'Broken'

  /** `found`: measurements that were made nevertheless. */
  constructor(
    readonly what: readonly string[],
    readonly found?: Found,
  ) {
    super(what.join('; '))
  }
}

export const must = (condition: boolean, sentence: string): void => {
  if (!condition) throw new Broken([sentence])
}

/** Result of the audit of an ended sweep. */
export interface Audit {
  readonly planned: number
  readonly stored: number
  readonly batches: number
  /** Number of leases of batches beyond the first. */
  readonly again: number
  /** Number of cells whose digest differs from that of an undisturbed run. */
  readonly mismatches: number
  readonly violations: readonly string[]
}

/** The digest of each cell, by its id, of an undisturbed run. */
export type Reference = ReadonlyMap<string, string>

/** Audits an ended sweep: the invariants, its digests, and how often its batches were dispatched. */
export async function auditSweep(
  database: Database,
  id: string,
  given: Given,
  reference: Reference,
  { state = 'complete' }: { readonly state?: string } = {},
): Promise<Audit> {
  const violations: string[] = []
  const { rows: sweeps } = await database.pool.query<{ state: string; reason: string | null }>(
    'select state, reason from farm.sweep where id = $1',
    [id],
  )
  const found = sweeps[0]?.state ?? 'not there'
  if (found !== state) violations.push(`sweep ${id} is ${found}, not ${state} (${sweeps[0]?.reason ?? 'no reason'})`)
  if (state === 'complete')
    for (const [name, broken] of Object.entries(await invariants(database, id)))
      for (const sentence of broken as string[]) violations.push(`${name}: ${sentence}`)
  const { rows: cells } = await database.pool.query<{ index: number; cell: string; digest: string | null }>(
    'select index, cell_id as cell, digest from farm.request where sweep_id = $1 order by index',
    [id],
  )
  const wrong = cells.filter(({ cell, digest }) => reference.get(cell) !== digest)
  if (state === 'complete')
    for (const { index } of wrong) violations.push(`cell ${index}: its digest differs from that of an undisturbed run`)
  const { rows: stored } = await database.pool.query<{ batches: number; trials: number; again: number }>(
    `select count(*)::int as batches, coalesce(sum(b.count), 0)::float8 as trials,
            coalesce(sum(greatest(b.attempts - 1, 0)), 0)::float8 as again
       from farm.request d join farm.batch b on b.cell_id = d.cell_id where d.sweep_id = $1`,
    [id],
  )
  const planned = plannedTrials(given)
  const { batches, trials, again } = stored[0]!
  if (state === 'complete' && trials !== planned) violations.push(`${trials} of ${planned} planned trials are stored`)
  return { planned, stored: trials, batches, again, mismatches: state === 'complete' ? wrong.length : 0, violations }
}

/** Sentences about anything left in the ledger and the queue after all work is done; none if they are empty. */
export async function leftOver(database: Database, queues: readonly QueueFactory[]): Promise<string[]> {
  const left: string[] = []
  for (const table of ['pending', 'bundle', 'pending_update']) {
    const { rows } = await database.pool.query<{ n: number }>(`select count(*)::int as n from farm.${table}`)
    if (rows[0]!.n > 0) left.push(`farm.${table} still has ${rows[0]!.n} rows`)
  }
  for (const queue of queues) {
    const { waiting, active } = await queue.producer().keys()
    if (waiting.length + active.length > 0)
      left.push(`the queue still has ${waiting.length} waiting and ${active.length} active jobs`)
  }
  return left
}

/** Failures of batches, except for those whose worker stopped sending heartbeats. */
export async function failuresOf(database: Database): Promise<string[]> {
  const { rows } = await database.pool.query<{ kind: string; message: string; n: number }>(
    `select kind, min(message) as message, count(*)::int as n from farm.failure where kind <> 'vanished' group by kind`,
  )
  return rows.map(({ kind, message, n }) => `${n} batches failed: ${kind} (${message})`)
}
