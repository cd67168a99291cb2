import { addDigests, formatDigest, parseDigest } from '@driftfarm/kernel'
import type { BatchState, RecordRule } from '@driftfarm/spec'
import { tallyToJson } from '@driftfarm/statistics'
import type pg from 'pg'
import type { Database } from '../database.ts'
import { copyOutcomes } from '../outcome/copy.ts'
import { type BatchModel, type Columns, columns } from '../rows.ts'
import { checkBits, insertBits } from './bits.ts'
import { DeterminismViolation } from './errors.ts'
import { keepPremises } from './premises.ts'
import { covers } from './recordRule.ts'
import { stopForViolation } from './violation.ts'
import type { CommitPart, CommitResult, Cut, Lease } from './workLedger.ts'

type Row = Columns<
  BatchModel,
  'state' | 'count' | 'digest' | 'record' | 'bits' | 'cut',
  { state: BatchState; record: RecordRule | null; cut: (Cut & { exact?: true }) | null }
>

/**
 * Commits the result of a lease. The ledger row is locked before anything is written: a late writer that inserted
 * outcomes first would fail on their key. A commit of any generation counts. The first one is stored, and every later
 * one must have computed the same bytes.
 */
export async function commit(
  database: Database,
  lease: Lease,
  workerId: string,
  result: CommitResult,
): Promise<'committed' | 'duplicate' | 'gone'> {
  checkParts(lease, result.parts)
  checkBits(lease, result.parts)
  const digest = result.parts.reduce((sum, part) => addDigests(sum, part.digest), 0n)
  const outcome = await database.transaction(
    async (client) => {
      const row = await lock(client, lease)
      if (row === undefined) return 'gone'
      // The batch was cut in the meantime: its parts are done, or will be compared with the stored digest of the whole.
      if (row.count !== lease.count) return 'duplicate'
      const stored = row.digest === null ? null : parseDigest(row.digest)
      if (stored !== null && stored !== digest) return stopForViolation(client, lease, workerId, stored, digest)
      if (row.state === 'done' || !answers(lease, row)) return 'duplicate'
      if (stored !== null) await forget(client, lease)
      await store(client, lease, workerId, result)
      await count(client, lease, workerId, result.cpuSeconds)
      if (result.premises !== null) await keepPremises(client, lease, workerId, result.premises)
      return 'committed'
    },
    { retry: true },
  )
  if (typeof outcome !== 'string') throw new DeterminismViolation(outcome.message)
  return outcome
}

function checkParts({ first, count }: Lease, parts: readonly CommitPart[]): void {
  let at = first
  for (const part of parts) {
    if (part.first !== at || part.count < 1 || part.tally.trials !== part.count)
      throw new RangeError(`parts of a commit do not join at trial ${at}`)
    at += part.count
  }
  if (at !== first + count || parts.length > 2)
    throw new RangeError(`a commit of ${first}..${at} for ${first}+${count}`)
}

async function lock(client: pg.PoolClient, { job, first }: Lease): Promise<Row | undefined> {
  const { rows } = await client.query<Row>(
    `select ${columns<BatchModel>('b', 'state', 'count', 'digest', 'record', 'bits', 'cut')}
       from farm.batch b where b.cell_id = $1 and b.first = $2 for update`,
    [job.cell, first],
  )
  return rows[0]
}

/** Deletes the outcomes and event bits of a batch that was computed again. */
async function forget(client: pg.PoolClient, { job, first }: Lease): Promise<void> {
  await client.query('delete from farm.outcome where cell_id = $1 and first = $2', [job.cell, first])
  await client.query('delete from farm.event_bits where cell_id = $1 and first = $2', [job.cell, first])
}

/**
 * Whether a lease answers what the row asks for. If the batch must be computed again for a cut or for richer rows, a
 * lease from before does not.
 */
function answers(lease: Lease, row: Row): boolean {
  if (row.cut !== null && row.cut.exact !== true && JSON.stringify(row.cut) !== JSON.stringify(lease.cut)) return false
  if (!row.bits.every((estimate) => lease.bits.includes(estimate))) return false
  return row.record === null || covers(lease.record, row.record)
}

async function store(client: pg.PoolClient, lease: Lease, workerId: string, result: CommitResult): Promise<void> {
  const { cell } = lease.job
  const [head, tail] = result.parts
  // Only the records tell where a cut at an event ends, so the ledger row is marked as exact.
  const mark = lease.cut !== null && 'event' in lease.cut ? JSON.stringify({ ...lease.cut, exact: true }) : null
  const share = (part: CommitPart) => (result.cpuSeconds * part.count) / lease.count
  const values = (part: CommitPart) => [
    cell,
    part.first,
    part.count,
    workerId,
    share(part),
    formatDigest(part.digest),
    JSON.stringify(tallyToJson(part.tally)),
    JSON.stringify(lease.record),
    lease.bits,
  ]
  // The head is shortened before the tail is inserted, so that ranges never overlap.
  await client.query(
    `update farm.batch
        set state = 'done', count = $3, worker_id = $4, cpu_seconds = $5, digest = $6, tally = $7, record = $8,
            bits = $9, cut = $10, finished_at = now()
      where cell_id = $1 and first = $2`,
    [...values(head!), mark],
  )
  if (tail !== undefined)
    await client.query(
      `insert into farm.batch (cell_id, first, count, state, worker_id, cpu_seconds, digest, tally, record, bits,
                               attempts, started_at, finished_at, fed_at)
       values ($1, $2, $3, 'done', $4, $5, $6, $7, $8, $9, 1, now(), now(), now())`,
      values(tail),
    )
  await copyOutcomes(
    client,
    result.parts.map(({ outcome }) => outcome).filter((outcome) => outcome !== null),
  )
  await insertBits(client, cell, result.parts)
}

/**
 * Updates the counts of the worker and the calibration of the cell. The calibration follows slowly and is written only
 * after a change of 10 %, since the row of a cell is wide.
 */
async function count(client: pg.PoolClient, lease: Lease, workerId: string, cpuSeconds: number): Promise<void> {
  await client.query(
    `with worked as (
       update farm.worker
          set batches = batches + 1, trials = trials + $3::bigint, cpu_seconds = cpu_seconds + $4::float8
        where id = $2)
     update farm.cell set seconds_per_trial = coalesce(0.6 * seconds_per_trial + 0.4 * $5::float8, $5::float8)
      where id = $1 and $5::float8 > 0
        and (seconds_per_trial is null or abs(seconds_per_trial - $5::float8) > 0.1 * seconds_per_trial)`,
    [lease.job.cell, workerId, lease.count, cpuSeconds, cpuSeconds / lease.count],
  )
}
