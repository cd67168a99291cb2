import { formatDigest } from '@driftfarm/kernel'
import type { RecordRule } from '@driftfarm/spec'
import { tallyToJson } from '@driftfarm/statistics'
import type pg from 'pg'
import { BinaryRows, copy } from '../connection/copy.ts'
import { prepared, runDeferred } from '../connection/prepared.ts'
import type { BatchModel, BundleModel, Columns, PendingModel } from '../ledger/rows.ts'
import type { Cut, Lease, LeasedResult } from '../ledger/workLedger.ts'

/** The row of a batch that is not finished or must be recomputed. */
export interface PendingRow
  extends Columns<PendingModel, 'count' | 'again' | 'generation' | 'attempts' | 'failures' | 'vanished' | 'cut'> {
  readonly tid: string
  readonly cut: Cut | null
}

export type FinishedRow = Columns<
  BatchModel,
  'count' | 'digest' | 'record' | 'bits' | 'cut',
  { record: RecordRule; cut: Cut | null }
>

export interface CommitItem extends LeasedResult {
  readonly digest: bigint
  open: PendingRow | null
  done: FinishedRow | null
}

export type LeasedBundleRow = Columns<BundleModel, 'leases' | 'queuedAt' | 'startedAt'>

/**
 * Writes one part of each item. `place` is 0 for the head, and 1 for the tail of a cut batch. If a batch already has a
 * row from an earlier computation (`done`), the head replaces that row.
 */
export async function writeBatches(
  client: pg.PoolClient,
  items: readonly CommitItem[],
  place: 0 | 1,
  held: LeasedBundleRow,
  workerId: string,
): Promise<void> {
  const replaced = place === 0 ? items.filter(({ done }) => done !== null) : []
  if (replaced.length > 0)
    await client.query(
      `delete from farm.batch b using unnest($1::text[], $2::bigint[]) u (cell, first)
        where b.cell_id = u.cell and b.first = u.first`,
      [replaced.map(({ lease }) => lease.cell), replaced.map(({ lease }) => lease.first)],
    )
  if (items.length === 0) return
  if (items.length === 1) {
    runDeferred(client, oneBatch, batchRow(items[0]!, place, held, workerId))
    return
  }
  const rows = new BinaryRows()
  for (const item of items) addBatch(rows, batchRow(item, place, held, workerId))
  await copy(client, copyBatches, [rows.bytes])
}

const batchColumns = `cell_id, first, count, generation, attempts, failures, vanished, cut, queued_at,
  worker_id, started_at, cpu_seconds, digest, tally, record, bits`

const copyBatches = `copy farm.batch (${batchColumns}) from stdin (format binary)`

/**
 * Inserts a single batch, which is common if batches take a long time. COPY would be slower, because it takes two round
 * trips and cannot be prepared.
 */
const oneBatch = prepared(`
  insert into farm.batch (${batchColumns})
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`)

/** The columns of a batch in the order of `batchColumns`. */
type BatchRow = readonly [
  ...[cell: string, first: number, count: number],
  ...[generation: number, attempts: number, failures: number, vanished: number],
  ...[cut: string | null, queuedAt: Date | null, workerId: string, startedAt: Date | null],
  ...[cpuSeconds: number, digest: string, tally: string, record: string, bits: readonly string[]],
]

function batchRow(
  { lease, result, open }: CommitItem,
  place: 0 | 1,
  { leases, queuedAt, startedAt }: LeasedBundleRow,
  workerId: string,
): BatchRow {
  const { first, count, digest, tally } = result.parts[place]!
  return [
    lease.cell,
    first,
    count,
    open!.generation,
    // The batch was computed, so it was leased at least once. The stored count may still be 0: a lease does not wait
    // for the disk, so a crash of the database server may lose the new count.
    Math.max(1, open!.attempts + leases),
    open!.failures,
    open!.vanished,
    place === 0 ? exactCut(lease) : null,
    queuedAt,
    workerId,
    startedAt,
    (result.cpuSeconds * count) / lease.count,
    formatDigest(digest),
    JSON.stringify(tallyToJson(tally)),
    JSON.stringify(lease.record),
    lease.bits,
  ]
}

function addBatch(rows: BinaryRows, row: BatchRow): void {
  const [cell, first, count, generation, attempts, failures, vanished, cut, queuedAt, workerId, startedAt, ...rest] =
    row
  const [cpuSeconds, digest, tally, record, bits] = rest
  rows
    .row(row.length)
    .text(cell)
    .int8(first)
    .int8(count)
    .int4(generation)
    .int4(attempts)
    .int4(failures)
    .int4(vanished)
    .text(cut)
    .timestamp(queuedAt)
    .text(workerId)
    .timestamp(startedAt)
    .float8(cpuSeconds)
    .text(digest)
    .text(tally)
    .text(record)
    .texts(bits)
}

/**
 * The cut to store with a finished batch. If the batch was cut at an event, the cut is marked as exact: the batch ends
 * with the trial of this event. Without the mark, the position of the event could only be read from the records.
 */
const exactCut = ({ cut }: Lease): string | null =>
  cut !== null && 'event' in cut ? JSON.stringify({ ...cut, exact: true }) : null
