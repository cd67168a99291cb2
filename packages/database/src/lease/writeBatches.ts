import { formatDigest } from '@driftfarm/kernel'
import type { RecordRule } from '@driftfarm/spec'
import { tallyToJson } from '@driftfarm/statistics'
import type pg from 'pg'
import { arrayOf } from '../connection/copy.ts'
import { prepared, runDeferred } from '../connection/prepared.ts'
import { fieldsOf } from '../connection/values.ts'
import type { Columns } from '../ledger/rows.ts'
import type { Cut, Lease, LeasedResult } from '../ledger/workLedger.ts'

/** The row of a batch that is not finished or must be recomputed. */
export interface PendingRow
  extends Columns<'Pending', 'count' | 'again' | 'generation' | 'attempts' | 'failures' | 'vanished' | 'cut'> {
  readonly tid: string
  readonly cut: Cut | null
}

export type FinishedRow = Columns<
  'Batch',
  'count' | 'digest' | 'record' | 'bits' | 'cut',
  { record: RecordRule; cut: Cut | null }
>

export interface CommitItem extends LeasedResult {
  readonly digest: bigint
  open: PendingRow | null
  done: FinishedRow | null
}

export type LeasedBundleRow = Columns<'Bundle', 'leases' | 'queuedAt' | 'startedAt'>

/**
 * Writes one part of each item. `place` is 0 for the head, and 1 for the tail of a cut batch. If a batch already has a
 * row from an earlier computation (`done`), the head replaces that row and its records.
 */
export function writeBatches(
  client: pg.PoolClient,
  items: readonly CommitItem[],
  place: 0 | 1,
  { leases, queuedAt, startedAt }: LeasedBundleRow,
  workerId: string,
): void {
  const replaced = place === 0 ? items.filter(({ done }) => done !== null).map(({ lease }) => lease) : []
  if (replaced.length > 0)
    for (const statement of deleteStatements) runDeferred(client, statement, fieldsOf(replaced, 'cell', 'first'))
  if (items.length === 0) return
  const parts = items.map(({ result }) => result.parts[place]!)
  const counts = (of: (row: PendingRow) => number) => arrayOf.int4(items.map(({ open }) => of(open!)))
  runDeferred(client, insertStatement, [
    ...[queuedAt, workerId, startedAt],
    arrayOf.text(items.map(({ lease }) => lease.cell)),
    arrayOf.int8(parts.map(({ first }) => first)),
    arrayOf.int8(parts.map(({ count }) => count)),
    counts(({ generation }) => generation),
    // The batch was computed, so it was leased at least once. The stored count may still be 0: a lease does not wait
    // for the disk, so a crash of the database server may lose the new count.
    counts(({ attempts }) => Math.max(1, attempts + leases)),
    counts(({ failures }) => failures),
    counts(({ vanished }) => vanished),
    arrayOf.json(items.map(({ lease }) => (place === 0 ? exactCut(lease) : null))),
    arrayOf.float8(items.map(({ lease, result }, i) => (result.cpuSeconds * parts[i]!.count) / lease.count)),
    arrayOf.text(parts.map(({ digest }) => formatDigest(digest))),
    arrayOf.json(parts.map(({ tally }) => JSON.stringify(tallyToJson(tally)))),
    arrayOf.json(items.map(({ lease }) => JSON.stringify(lease.record))),
    arrayOf.json(items.map(({ lease: { bits } }) => (bits.length === 0 ? null : JSON.stringify(bits)))),
  ])
}

const deleteStatements = ['outcome', 'event_bits', 'batch'].map((table) =>
  prepared(`
  delete from farm.${table} b using unnest($1::text[], $2::bigint[]) u (cell, first)
   where b.cell_id = u.cell and b.first = u.first`),
)

const insertStatement = prepared(`
  insert into farm.batch (queued_at, worker_id, started_at, cell_id, first, count, generation, attempts, failures,
                          vanished, cut, cpu_seconds, digest, tally, record, bits)
  select $1::timestamptz, $2, $3::timestamptz, u.cell, u.first, u.count, u.generation, u.attempts, u.failures,
         u.vanished, u.cut, u.cpu_seconds, u.digest, u.tally, u.record,
         case when u.bits is null then '{}' else array(select json_array_elements_text(u.bits)) end
    from unnest($4::text[], $5::bigint[], $6::bigint[], $7::int[], $8::int[], $9::int[], $10::int[], $11::json[],
                $12::float8[], $13::text[], $14::json[], $15::json[], $16::json[])
      u (cell, first, count, generation, attempts, failures, vanished, cut, cpu_seconds, digest, tally, record, bits)`)

/**
 * The cut to store with a finished batch. If the batch was cut at an event, the cut is marked as exact: the batch ends
 * with the trial of this event. Without the mark, the position of the event could only be read from the records.
 */
const exactCut = ({ cut }: Lease): string | null =>
  cut !== null && 'event' in cut ? JSON.stringify({ ...cut, exact: true }) : null
