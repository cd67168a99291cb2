import type { Tally } from '@driftfarm/kernel'
import type { DataTable, RecordRule, WorkerState } from '@driftfarm/spec'
import type { Premises } from '@driftfarm/statistics'
import type { BatchModel, CellModel, Columns } from '../rows.ts'
import type { WorkerRow } from './worker.ts'

/** A batch as the queue names it: ids and integers only. */
export interface BatchJob extends Columns<BatchModel, 'first' | 'count' | 'generation'> {
  readonly cell: CellModel['id']
}

/**
 * An instruction to compute the batch again and divide it: before trial `at`, or after the nth trial in it that has the
 * event.
 */
export type Cut = { readonly at: number } | { readonly event: string; readonly nth: number }

export interface Lease {
  readonly job: BatchJob
  /** Generation in the ledger row; at least that of the job. */
  readonly generation: number
  /** Canonical JSON of the cell. */
  readonly canonical: string
  /** Hash of the samples of its landscape; null without data. */
  readonly data: string | null
  readonly first: number
  readonly count: number
  /** Number of attempts, from 1, including this one. A batch handed back by a draining worker is not counted. */
  readonly attempt: number
  /**
   * Whether this is one of the last attempts before the batch is given up. It must then run alone in the worker, so
   * that it cannot harm other batches.
   */
  readonly alone: boolean
  /** Rows to keep: the union of what all live sweeps ask for that want this batch. */
  readonly record: RecordRule
  readonly horizons: readonly number[]
  /** Estimates for which event bits are kept, for contrasts of cells that share noise. */
  readonly bits: readonly string[]
  /** Thread time of a trial in seconds, from earlier batches of the cell; null before the first one. */
  readonly secondsPerTrial: number | null
  readonly cut: Cut | null
  /** Whether the premises of the cell are not stored yet and must be computed beside the batch. */
  readonly premises: boolean
}

/**
 * Why a batch is not leased. done: there is nothing to do. gone: no sweep wants it. superseded: its range was cut
 * meanwhile. paused: it comes again when the sweep is resumed.
 */
export type Refusal = { readonly refused: 'done' | 'gone' | 'superseded' | 'paused' }

export interface CommitPart {
  readonly first: number
  readonly count: number
  readonly tally: Tally
  readonly digest: bigint
  /** One row of farm.outcome as COPY BINARY (`encodeOutcomeRow`); null where no rows are kept. */
  readonly outcome: Uint8Array | null
  /** One entry for each of the lease's `bits`. */
  readonly bits: readonly EventBits[]
}

/** Which trials had an event, one bit each (`eventBits` of statistics). */
export interface EventBits {
  readonly estimate: string
  readonly bytes: Uint8Array
}

export interface CommitResult {
  /** One part, or two for a cut: head and tail. One if the tail is empty. */
  readonly parts: readonly CommitPart[]
  readonly cpuSeconds: number
  /** Null where the lease did not ask for them. */
  readonly premises: Premises | null
}

export interface BatchFailure {
  readonly kind: 'throw' | 'exit' | 'memory' | 'deadline'
  readonly message: string
}

/**
 * The part of the ledger that a worker uses. Every call may be repeated, since the answer to the first call may have
 * been lost.
 */
export interface WorkLedger {
  register(worker: WorkerRow): Promise<void>
  /** To be called every 3 s. A worker that is silent for 15 s counts as dead, and its leases as vanished. */
  heartbeat(id: string, state: Exclude<WorkerState, 'gone'>): Promise<void>
  leave(id: string): Promise<void>
  lease(job: BatchJob, workerId: string): Promise<Lease | Refusal>
  /** A data set by its hash, in shared memory. Throws a LedgerError DATA_NOT_FOUND or DATA_DAMAGED. */
  data(hash: string): Promise<DataTable>
  /** Throws a DeterminismViolation if the digest differs from the stored one. */
  commit(lease: Lease, workerId: string, result: CommitResult): Promise<'committed' | 'duplicate' | 'gone'>
  /** Records a failure of the batch, which is given up at the third. */
  fail(lease: Lease, workerId: string, failure: BatchFailure): Promise<void>
  /** Gives a batch back before it is finished; this is not a failure. */
  release(lease: Lease, workerId: string): Promise<void>
  /**
   * Which of the leases no longer belong to the worker (cancelled, removed, handed out again): computing them is
   * useless.
   */
  withdrawn(leases: readonly Lease[], workerId: string): Promise<readonly Lease[]>
  /** Gives up all connections. Calls under way fail as retryable; later ones connect again. */
  renew(): void
}
