import { addDigests, formatDigest, parseDigest } from '@driftfarm/kernel'
import type pg from 'pg'
import { arrayOf, copyOutcomes } from '../connection/copy.ts'
import type { Database } from '../connection/database.ts'
import { prepared, run, runDeferred } from '../connection/prepared.ts'
import { deleteIfEmpty } from '../ledger/bundle.ts'
import { storePremises } from '../ledger/premises.ts'
import { checkBits, covers, insertBits } from '../ledger/recorded.ts'
import { columns } from '../ledger/rows.ts'
import type { CommitOutcome, CommitPart, CommitResult, Lease, LeasedResult } from '../ledger/workLedger.ts'
import {
  type CommitItem,
  type FinishedRow,
  type LeasedBundleRow,
  type PendingRow,
  writeBatches,
} from './writeBatches.ts'

/**
 * Commits results of one bundle. Every writer to a bundle first locks the row of the bundle, then the rows of the
 * batches in the order of their keys, and only then writes. A writer that wrote before locking could insert a row that
 * another writer has just inserted, and would get a duplicate-key error. A commit is accepted even if the generation of
 * its batch has risen since the lease, for example because of a failure. The first commit of each batch is stored, and
 * every later commit must have computed the same bytes.
 */
export async function commit(database: Database, workerId: string, results: readonly LeasedResult[]) {
  checkResults(results)
  return database.transaction((client) => commitIn(client, workerId, results), { retry: true, keepsPlans: true })
}

/**
 * Throws a RangeError if the parts of a result do not make up its batch, or if its event bits contradict its tally.
 * Call `checkResults` before anything is written.
 */
export function checkResults(results: readonly LeasedResult[]): void {
  for (const { lease, result } of results) {
    checkParts(lease, result.parts)
    checkBits(lease, result.parts)
  }
}

/** Like `commit`, but in the caller's transaction. `checkResults` must have accepted the results. */
export async function commitIn(client: pg.PoolClient, workerId: string, results: readonly LeasedResult[]) {
  const [first] = results
  if (first === undefined) return []
  const { bundle } = first.lease
  const { bundleRow, items } = await lock(client, bundle, results)
  const endings: CommitOutcome[] = []
  const stored: CommitItem[] = []
  for (const item of items) {
    const ending = outcomeOf(item)
    if (ending === 'violation') {
      const message = await stopForViolation(client, item.lease, workerId, item.done!.digest, item.digest)
      endings.push({ ending, message })
    } else endings.push({ ending })
    if (ending === 'committed') stored.push(item)
  }
  if (stored.length > 0) await store(client, stored, bundleRow, workerId)
  else await deleteIfEmpty(client, bundle)
  return endings
}

function outcomeOf({ lease, digest, open, done }: CommitItem): 'committed' | 'duplicate' | 'gone' | 'violation' {
  const found = open ?? done
  if (found === null) return 'gone'
  // The batch has been cut since it was leased. The database has only the parts, and the digest of the whole batch
  // cannot be compared with the digests of the parts.
  if (found.count !== lease.count || (done !== null && done.count !== lease.count)) return 'duplicate'
  if (done !== null && parseDigest(done.digest) !== digest) return 'violation'
  return open !== null && matchesLease(lease, open, done) ? 'committed' : 'duplicate'
}

/**
 * A leased batch may be marked for recomputation: to cut it, or to record more of its trials. A lease from before this
 * mark does not match the batch.
 */
function matchesLease(lease: Lease, open: PendingRow, done: FinishedRow | null): boolean {
  if (open.cut !== null && JSON.stringify(open.cut) !== JSON.stringify(lease.cut)) return false
  if (done === null) return true
  return (
    lease.again && done.bits.every((estimate) => lease.bits.includes(estimate)) && covers(lease.record, done.record)
  )
}

function checkParts({ first, count }: Lease, parts: readonly CommitPart[]): void {
  let at = first
  for (const part of parts) {
    if (part.first !== at || part.count < 1 || part.tally.trials !== part.count)
      throw new RangeError(`the parts of a commit are not contiguous at trial ${at}`)
    at += part.count
  }
  if (at !== first + count || parts.length > 2)
    throw new RangeError(`a commit ends at trial ${at}, but its batch has ${count} trials from trial ${first}`)
}

// The row of the bundle must be locked before the rows of the batches. Every query plan keeps this order, because the
// subquery that locks the batches uses the number of locked bundles.
const locks = prepared(`
  with held as materialized (
    select ${columns<'Bundle'>('u', 'leases', 'queuedAt', 'startedAt')} from farm.bundle u where u.id = $3 for update
  ), first as materialized (
    select count(*) as bundles from held
  )
  select held.*, u.place, p.*
    from first
    left join held on true
   cross join unnest($1::text[], $2::bigint[]) with ordinality u (cell, first, place)
    left join lateral (
      select p.ctid::text as tid, ${columns<'Pending'>('p', 'count', 'again', 'generation', 'attempts')},
             ${columns<'Pending'>('p', 'failures', 'vanished', 'cut')}
        from farm.pending p
       where p.cell_id = u.cell and p.first = u.first and first.bundles >= 0 limit 1 for update) p on true`)

/** The fields of a missing bundle or batch are null. */
type Locked = { readonly [F in keyof LeasedBundleRow]: LeasedBundleRow[F] | null } & (
  | PendingRow
  | { readonly tid: null }
) & {
    readonly place: number
  }

/** Replaces the row of a bundle that was deleted before its results arrived. */
const noBundle: LeasedBundleRow = { leases: 1, queuedAt: null, startedAt: null }

const doneBatches = prepared(`
  select u.place, b.* from unnest($1::text[], $2::bigint[]) with ordinality u (cell, first, place)
   cross join lateral (
     select ${columns<'Batch'>('b', 'count', 'digest', 'record', 'bits', 'cut')} from farm.batch b
      where b.cell_id = u.cell and b.first = u.first limit 1) b`)

/** The items are in the order of the results. */
async function lock(client: pg.PoolClient, bundle: number, results: readonly LeasedResult[]) {
  const items = results.map(
    (given): CommitItem => ({
      digest: given.result.parts.reduce((sum, part) => addDigests(sum, part.digest), 0n),
      open: null,
      done: null,
      ...given,
    }),
  )
  const ordered = items.toSorted((a, b) => byKey(a.lease, b.lease))
  const keys = (of: readonly CommitItem[]) => [
    arrayOf.text(of.map(({ lease }) => lease.cell)),
    arrayOf.int8(of.map(({ lease }) => lease.first)),
  ]
  const { rows } = await run<Locked>(client, locks, [...keys(ordered), bundle])
  for (const row of rows) if (row.tid !== null) ordered[row.place - 1]!.open = row as PendingRow
  const [{ leases, queuedAt, startedAt }] = rows as [Locked]
  const bundleRow = leases === null ? noBundle : { leases, queuedAt, startedAt }
  // While the previous statement waited for locks, another worker may have committed. Only a new statement sees what
  // that worker stored.
  const toCompare = ordered.filter(({ open }) => open === null || open.again)
  if (toCompare.length === 0) return { bundleRow, items }
  const { rows: done } = await run<FinishedRow & { place: number }>(client, doneBatches, keys(toCompare))
  for (const row of done) toCompare[row.place - 1]!.done = row
  return { bundleRow, items }
}

const byKey = (a: Lease, b: Lease): number => (a.cell < b.cell ? -1 : a.cell > b.cell ? 1 : a.first - b.first)

async function store(
  client: pg.PoolClient,
  items: readonly CommitItem[],
  bundleRow: LeasedBundleRow,
  workerId: string,
): Promise<void> {
  // A cut batch is shortened before its second part is inserted, so that ranges of trials never overlap.
  writeBatches(client, items, 0, bundleRow, workerId)
  const cut = items.filter(({ result }) => result.parts.length > 1)
  writeBatches(client, cut, 1, bundleRow, workerId)
  const parts = items.flatMap(({ result }) => result.parts)
  await copyOutcomes(
    client,
    parts.map(({ outcome }) => outcome).filter((outcome) => outcome !== null),
  )
  await insertBits(client, items)
  await storePremises(client, items, workerId)
  finish(client, items, workerId)
}

/**
 * Deletes the pending rows of the stored batches, and the bundle if no batch is left. Each part of the statement sees
 * the rows as they were before the statement.
 */
const finishStatement = prepared(`
  with done as (
    delete from farm.pending where ctid = any($9::tid[]) returning bundle
  ), ended as (
    delete from farm.bundle u where u.id = $1
       and (select count(*) from farm.pending p where p.bundle = u.id) = (select count(*) from done where bundle = $1)
  ), worked as (
    update farm.worker
       set batches = batches + $3::int, trials = trials + $4::bigint, cpu_seconds = cpu_seconds + $5::float8
     where id = $2)
  insert into farm.pending_update (sweep_id, cells, batches, expected, trials_seconds, seconds)
  values ((select sweep_id from farm.bundle where id = $1), $6::text[], $3, $7, $5, $8)`)

function finish(client: pg.PoolClient, items: readonly CommitItem[], workerId: string): void {
  const sum = (of: (result: CommitResult, lease: Lease) => number) =>
    items.reduce((total, { lease, result }) => total + of(result, lease), 0)
  runDeferred(client, finishStatement, [
    items[0]!.lease.bundle,
    workerId,
    items.length,
    sum((_, lease) => lease.count),
    sum(({ cpuSeconds }) => cpuSeconds),
    arrayOf.text([...new Set(items.map(({ lease }) => lease.cell))]),
    sum((_, { cost, count }) => cost * count),
    sum(({ seconds }) => seconds),
    items.map(({ open }) => open!.tid),
  ])
}

/**
 * Stops every sweep that contains the cell, and keeps the result that was stored first. Only the reference
 * implementation can show which result is right. Returns the stored reason.
 */
export async function stopForViolation(
  client: pg.PoolClient,
  { cell, first, count, generation }: Pick<Lease, 'cell' | 'first' | 'count' | 'generation'>,
  workerId: string,
  stored: string,
  digest: bigint,
): Promise<string> {
  const message =
    `trials ${first} to ${first + count - 1} of cell ${cell}: the stored digest is ${stored}, ` +
    `but ${workerId} computed ${formatDigest(digest)}`
  await client.query(
    `insert into farm.failure (cell_id, first, count, generation, worker_id, kind, message)
      values ($1, $2, $3, $4, $5, 'determinism', $6)`,
    [cell, first, count, generation, workerId, message],
  )
  await client.query('delete from farm.pending where cell_id = $1 and first = $2', [cell, first])
  await client.query(
    `update farm.sweep set state = 'stopped', reason = $2, finished_at = now()
      where id in (select sweep_id from farm.request where cell_id = $1)`,
    [cell, `DETERMINISM_VIOLATION: ${message}`],
  )
  return message
}
