import { type Demand, type SweepState, statesBefore } from '@driftfarm/spec'
import type pg from 'pg'
import type { Database, ReadSource } from '../connection/database.ts'
import { fieldsOf } from '../connection/values.ts'
import { endOf, hasLiveOwner, liveRequestsOn, requestsTrials, schedulable } from '../ledger/conditions.ts'
import { LedgerError } from '../ledger/errors.ts'
import { asLeader, leaderBlockingEpoch } from '../ledger/leadership.ts'
import { type Columns, columns } from '../ledger/rows.ts'
import type { CellTrials, CommitOutcome, LeasedResult, TrialRange } from '../ledger/workLedger.ts'
import { pagesOf } from '../read/cells.ts'
import { checkResults, commitIn, stopForViolation } from './commit.ts'

/** Trials that were computed without a ledger. */
export interface ImportedBatch extends LeasedResult {
  /** Divides the trials of the cell from trial `from` to the start of this batch into consecutive ranges. */
  before(from: number): Iterable<TrialRange>
}

/** `apart`: nothing was stored, because some of the trials are finished or dispatched in other ranges. */
export type ImportOutcome = CommitOutcome | { readonly ending: 'apart' }

/**
 * Stores batches of a sweep in one transaction, as if workers had committed them. While the transaction runs,
 * coordinators dispatch nothing. The trials of a cell are dispatched in order, so missing earlier trials are dispatched
 * too, without a bundle (see `LooseBatch`). These trials are divided into the same ranges as in shards. Workers compute
 * these ranges unless the ranges are imported first. The call may be repeated. Throws SWEEP_NOT_FOUND, or a RangeError
 * if the parts or event bits of a result do not fit its batch.
 */
export function importBatches(
  database: Database,
  sweepId: string,
  workerId: string,
  batches: readonly ImportedBatch[],
): Promise<readonly ImportOutcome[]> {
  checkResults(batches)
  return asLeader(database, leaderBlockingEpoch, async (client) => {
    const { rowCount } = await client.query('select from farm.sweep where id = $1 for share', [sweepId])
    if (rowCount === 0) throw new LedgerError('SWEEP_NOT_FOUND', `sweep ${sweepId} was removed during the import`)
    return importIn(client, workerId, batches)
  })
}

async function importIn(
  client: pg.PoolClient,
  workerId: string,
  batches: readonly ImportedBatch[],
): Promise<readonly ImportOutcome[]> {
  const endings: ImportOutcome[] = batches.map(() => ({ ending: 'apart' }))
  const { taken, fresh, later } = await placed(client, batches)
  await leaseForImport(client, fresh)
  const committed = await commitIn(
    client,
    workerId,
    taken.map((place) => batches[place]!),
  )
  for (const [at, place] of taken.entries()) endings[place] = committed[at]!
  // Two indices of a sweep may refer to the same cell. The list then contains each batch of this cell twice.
  const twice = later.map((place) => batches[place]!)
  const again = twice.length === 0 ? [] : await importIn(client, workerId, twice)
  for (const [at, place] of later.entries()) endings[place] = again[at]!
  return endings
}

interface Placed {
  /** Indices of the batches to commit now. Each range is new, or equals that of a dispatched or finished batch. */
  readonly taken: readonly number[]
  /** Ranges that must be dispatched before these batches can be committed. */
  readonly fresh: readonly CellTrials[]
  /** Indices of batches that repeat an earlier batch of the list. They are imported after the earlier ones. */
  readonly later: readonly number[]
}

async function placed(client: pg.PoolClient, batches: readonly ImportedBatch[]): Promise<Placed> {
  const leases = batches.map(({ lease }) => lease)
  const { rows } = await client.query<{ until: number; same: boolean }>(
    `select ${endOf('u.cell')} as until,
            exists (select from farm.batch x where x.cell_id = u.cell and x.first = u.first and x.count = u.count)
              or exists (select from farm.pending x
                          where x.cell_id = u.cell and x.first = u.first and x.count = u.count) as same
       from unnest($1::text[], $2::bigint[], $3::bigint[]) with ordinality u (cell, first, count, place)
      order by u.place`,
    [...fieldsOf(leases, 'cell', 'first', 'count')],
  )
  const until = new Map<string, number>()
  const seen = new Set<string>()
  const [taken, later]: [number[], number[]] = [[], []]
  const fresh: CellTrials[] = []
  const inOrder = batches.map((_, place) => place).sort((a, b) => batches[a]!.lease.first - batches[b]!.lease.first)
  for (const place of inOrder) {
    const { lease, before } = batches[place]!
    const { cell, first, count } = lease
    const key = `${cell} ${first}`
    if (seen.has(key)) {
      later.push(place)
      continue
    }
    seen.add(key)
    const covered = until.get(cell) ?? rows[place]!.until
    if (rows[place]!.same) taken.push(place)
    if (first < covered) continue
    for (const range of before(covered)) fresh.push({ cell, ...range })
    fresh.push({ cell, first, count })
    until.set(cell, first + count)
    taken.push(place)
  }
  return { taken, fresh, later }
}

/** Inserts ranges as dispatched batches that belong to no bundle. */
async function leaseForImport(client: pg.PoolClient, ranges: readonly CellTrials[]): Promise<void> {
  if (ranges.length === 0) return
  await client.query(
    `insert into farm.pending (cell_id, first, count)
     select * from unnest($1::text[], $2::bigint[], $3::bigint[])`,
    [...fieldsOf(ranges, 'cell', 'first', 'count')],
  )
  // Makes a leading coordinator read these cells again, since it may be about to dispatch the same trials.
  await client.query(
    `update farm.sweep s set submission = s.submission + 1
      where ${schedulable('s')}
        and s.id in (select d.sweep_id from unnest($1::text[]) u (cell)
                       cross join lateral ${liveRequestsOn('u.cell')})`,
    [[...new Set(ranges.map(({ cell }) => cell))]],
  )
}

export async function finishedBatchesIn({ pool }: ReadSource, cellId: string, { first, count }: TrialRange) {
  const { rows } = await pool.query<Columns<'Batch', 'first' | 'count' | 'digest'>>(
    `select ${columns<'Batch'>('b', 'first', 'count', 'digest')} from farm.batch b
      where b.cell_id = $1 and b.first < $3 and b.first + b.count > $2 order by b.first`,
    [cellId, first, first + count],
  )
  return rows
}

/**
 * Stops all sweeps that contain the cell, because the digest of its imported trials differs from the digest of its
 * stored trials. Returns the reason.
 */
export function stopForConflictingImport(
  database: Database,
  workerId: string,
  { cell, ...range }: CellTrials,
  stored: string,
  digest: bigint,
): Promise<string> {
  return asLeader(database, leaderBlockingEpoch, (client) =>
    stopForViolation(client, { cell, ...range, generation: 0 }, workerId, stored, digest),
  )
}

export interface ImportTarget extends Columns<'Sweep', 'runner' | 'demand', { demand: Demand }> {
  readonly state: SweepState
  /** False if the process `runner`, which is responsible for the sweep, has died. */
  readonly attended: boolean
}

export async function importTargetOf({ pool }: Database, sweepId: string): Promise<ImportTarget | null> {
  const { rows } = await pool.query<ImportTarget>(
    `select s.state, ${columns<'Sweep'>('s', 'runner', 'demand')}, ${hasLiveOwner('s')} as attended
       from farm.sweep s where s.id = $1`,
    [sweepId],
  )
  return rows[0] ?? null
}

/** Consecutive trials of a cell that are requested but not finished. */
export interface MissingRange extends CellTrials, Columns<'Request', 'index'> {}

/** The trials of a sweep that are requested but not finished, in the order of cells and trials, page by page. */
export const missingRanges = (
  reading: ReadSource,
  head: { readonly id: string; readonly cells: number },
): AsyncGenerator<readonly MissingRange[]> =>
  pagesOf<MissingRange>(
    reading,
    head,
    (requests) => `
      select d.index, d.cell_id as cell, m.first, least(m.until, d.target) - m.first as count from ${requests}
       cross join lateral (
         select p.first, p.first + p.count as until from farm.pending p
          where p.cell_id = d.cell_id and not p.again and p.first < d.target
         union all
         select ${endOf('d.cell_id')}, d.target) m
       where d.state <> 'done' and ${requestsTrials('d')} and m.first < d.target order by d.index, m.first`,
  )

/**
 * Makes `runner` responsible for a sweep that is interrupted or whose responsible process has died. If `runner` is
 * null, the farm is responsible and may end the sweep.
 */
export async function adoptSweep({ pool }: Database, sweepId: string, runner: string | null): Promise<void> {
  await pool.query(
    `update farm.sweep s set runner = $2, reason = null,
            state = case when s.state = 'interrupted' then 'planned' else s.state end
      where s.id = $1 and (not ${hasLiveOwner('s')} or s.state = 'interrupted') and s.state = any($3)`,
    [sweepId, runner, [...statesBefore('interrupt'), 'interrupted']],
  )
}
