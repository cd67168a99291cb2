import type { Tally } from '@driftfarm/kernel'
import type { DataTable, RecordRule, WorkerState } from '@driftfarm/spec'
import type { Premises } from '@driftfarm/statistics'
import type { BatchModel, CellModel, Columns } from '../rows.ts'
import type { WorkerRow } from './worker.ts'

/** A batch as it is named in the queue: ids and integers only. */
export interface BatchJob extends Columns<BatchModel, 'first' | 'count' | 'generation'> {
  readonly cell: CellModel['id']
}

/** Compute the batch again and split it: before trial `at`, or after the nth trial in it that has the event. */
export type Cut = { readonly at: number } | { readonly event: string; readonly nth: number }

export interface Lease {
  readonly job: BatchJob
  /** Of the ledger row, at least the job's. */
  readonly generation: number
  /** Canonical JSON of the cell. */
  readonly canonical: string
  /** Hash of the samples that its landscape needs; null without data. */
  readonly data: string | null
  readonly first: number
  readonly count: number
  /**
   * From 1: how often it was tried in earnest, this time included (a batch handed back by a draining worker does not
   * count).
   */
  readonly attempt: number
  /**
   * One of the last attempts before the batch is given up: compute it alone in the worker, so that it takes nothing
   * with it.
   */
  readonly alone: boolean
  /** Rows to keep: what all live sweeps that want this batch ask for together. */
  readonly record: RecordRule
  readonly horizons: readonly number[]
  /** Estimates of which a bit a trial is kept, for contrasts of cells that share their noise. */
  readonly bits: readonly string[]
  /** Thread time of a trial from earlier batches of the cell; null before the first. */
  readonly secondsPerTrial: number | null
  readonly cut: Cut | null
  /** Nothing is kept yet of what the cell rests on: find it beside the batch. */
  readonly premises: boolean
}

/**
 * done: nothing to do. gone: nobody wants it. superseded: its range was cut since. paused: it comes again when resumed.
 */
export type Refusal = { readonly refused: 'done' | 'gone' | 'superseded' | 'paused' }

export interface CommitPart {
  readonly first: number
  readonly count: number
  readonly tally: Tally
  readonly digest: bigint
  /** One farm.outcome row as COPY BINARY (`encodeOutcomeRow`); null where nothing is kept. */
  readonly outcome: Uint8Array | null
  /** One for each of the lease's `bits`. */
  readonly bits: readonly EventBits[]
}

/** Which trials had an event (statistics' `eventBits`). */
export interface EventBits {
  readonly estimate: string
  readonly bytes: Uint8Array
}

export interface CommitResult {
  /** One part; for a cut two, head and tail (one where the tail would be empty). */
  readonly parts: readonly CommitPart[]
  readonly cpuSeconds: number
  /** Null where the lease did not ask for them. */
  readonly premises: Premises | null
}

export interface BatchFailure {
  readonly kind: 'throw' | 'exit' | 'memory' | 'deadline'
  readonly message: string
}

/** What a worker may do with the ledger. Every call may be repeated: the answer to the first may have been lost. */
export interface WorkLedger {
  register(worker: WorkerRow): Promise<void>
  /** Every 3 s; a worker that is silent for 15 s counts as dead and its leases as vanished. */
  heartbeat(id: string, state: Exclude<WorkerState, 'gone'>): Promise<void>
  leave(id: string): Promise<void>
  lease(job: BatchJob, workerId: string): Promise<Lease | Refusal>
  /** A data set by its hash, in shared memory. Throws LedgerError DATA_NOT_FOUND, DATA_DAMAGED. */
  data(hash: string): Promise<DataTable>
  /** Throws DeterminismViolation on a digest that differs from the stored one. */
  commit(lease: Lease, workerId: string, result: CommitResult): Promise<'committed' | 'duplicate' | 'gone'>
  /** Counts against the batch; at three it is given up. */
  fail(lease: Lease, workerId: string, failure: BatchFailure): Promise<void>
  /** Given back before it ended; no failure. */
  release(lease: Lease, workerId: string): Promise<void>
  /**
   * Which of the leases are the worker's no more (cancelled, removed, handed out anew): running them on is of no use to
   * anybody.
   */
  withdrawn(leases: readonly Lease[], workerId: string): Promise<readonly Lease[]>
  /** Gives all connections up; calls under way fail as retryable, later ones connect anew. */
  renew(): void
}
