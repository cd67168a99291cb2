import type { Tally } from '@driftfarm/kernel'
import type { DataTable, RecordRule, WorkerState } from '@driftfarm/spec'
import type { PremiseLevel, Premises } from '@driftfarm/statistics'
import type { CellModel, Columns, PendingModel, WorkerModel } from '../rows.ts'

/** A bundle of batches as the queue names it. */
export interface BundleJob {
  readonly bundle: number
}

/**
 * An instruction to compute the batch again and divide it: before trial `at`, or after the nth trial in it that has the
 * event.
 */
export type Cut = { readonly at: number } | { readonly event: string; readonly nth: number }

/** A batch in the hands of a worker. */
export interface Lease extends Columns<PendingModel, 'first' | 'count' | 'generation' | 'again'> {
  /** Id of the cell. */
  readonly cell: CellModel['id']
  readonly bundle: number
  /** Canonical JSON of the cell. */
  readonly canonical: string
  /** Equal for cells that run by one compiled module. */
  readonly form: CellModel['form']
  /** Hash of the samples of its landscape; null without data. */
  readonly data: string | null
  /** Number of attempts, from 1, including this one. A batch handed back by a draining worker is not counted. */
  readonly attempt: number
  /** Rows to keep: the union of what all live sweeps ask for that want this batch. */
  readonly record: RecordRule
  readonly horizons: readonly number[]
  /** Estimates for which event bits are kept, for contrasts of cells that share noise. */
  readonly bits: readonly string[]
  /** Thread time of a trial in seconds, from the last batch of the cell; null before the first one. */
  readonly secondsPerTrial: number | null
  /** The same as guessed from the cell alone; null for a cell of an earlier version. */
  readonly cost: number | null
  readonly cut: Cut | null
  /** The premises of the cell that must be computed beside the batch; null where none are wanted. */
  readonly premises: PremisesWanted | null
}

/** Premises that are not stored yet, or only with less work than the trials of the cell allow. */
export interface PremisesWanted {
  /** Number of trials that are asked for of the cell, and of cells in its sweep: the level follows from them. */
  readonly trials: number
  readonly cells: number
  /** The level of those that are stored, which they must exceed; null where none are. */
  readonly above: PremiseLevel | null
}

/** The answer to a worker that has got the job of a bundle. */
export interface BundleLease extends BundleJob {
  /**
   * The batches to be computed, those of one form one after the other. None where the bundle is over: its batches are
   * done, or have been bundled anew.
   */
  readonly batches: readonly Lease[]
  /** Number of batches that no sweep wants now; they come again when one does. */
  readonly parked: number
  /**
   * Whether a batch is at one of its last attempts before it is given up. The bundle must then run alone in the worker,
   * so that it cannot harm others.
   */
  readonly alone: boolean
  /** Thread time in seconds that the whole bundle should take; null where nothing is known of its cells. */
  readonly seconds: number | null
}

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
  /** Thread time of the trials. */
  readonly cpuSeconds: number
  /** Thread time in all: with what has to be done for each batch beside its trials. */
  readonly seconds: number
  /** Null where the lease did not ask for them. */
  readonly premises: Premises | null
}

export interface LeasedResult {
  readonly lease: Lease
  readonly result: CommitResult
}

/**
 * How a result was taken. duplicate: another one was there already, with the same bytes. gone: no sweep holds the cell
 * any more. violation: the stored bytes differ.
 */
export type CommitEnding =
  | { readonly ending: 'committed' | 'duplicate' | 'gone' }
  | { readonly ending: 'violation'; readonly message: string }

export interface BatchFailure {
  readonly kind: 'throw' | 'exit' | 'memory' | 'deadline'
  readonly message: string
}

/** `kind` is worker, run, up or coordinator. */
export interface WorkerRow extends Columns<WorkerModel, 'id' | 'kind' | 'host' | 'pid' | 'threads' | 'kernel'> {
  /** Where its jobs come from: the `place` of its queue. Absent where that is not known. */
  readonly queue?: string
}

/** What a process knows of its queue. */
export interface QueueState {
  /** How long it has not answered, in ms; 0 while it answers. */
  readonly lostForMs: number
  /** Identifies the server, whatever its address is; null where that is not known now. */
  readonly server: string | null
}

/** What a process reports about itself. */
export interface SignOfLife {
  readonly state: Exclude<WorkerState, 'gone'>
  /** What keeps it from working, in words for people; null where nothing does. */
  readonly trouble: string | null
  readonly queue: QueueState
  readonly leases: readonly Lease[]
}

/**
 * The part of the ledger that a worker uses. Every call may be repeated, since the answer to the first call may have
 * been lost.
 */
export interface WorkLedger {
  register(worker: WorkerRow): Promise<void>
  /**
   * To be called every 3 s with all leases that the worker holds. Returns those that no longer belong to it (done by
   * another, cancelled, removed, bundled anew): computing them is useless. A worker that is silent for 15 s counts as
   * dead, and its leases as vanished.
   */
  heartbeat(id: string, sign: SignOfLife): Promise<readonly Lease[]>
  leave(id: string): Promise<void>
  lease(job: BundleJob, workerId: string): Promise<BundleLease>
  /** A data set by its hash, in shared memory. Throws a LedgerError DATA_NOT_FOUND or DATA_DAMAGED. */
  data(hash: string): Promise<DataTable>
  /**
   * Commits results of batches of one bundle, all in one transaction; the answers are in the order of the results. A
   * batch whose digest differs from the stored one is not stored, and every sweep with its cell is stopped.
   */
  commit(workerId: string, results: readonly LeasedResult[]): Promise<readonly CommitEnding[]>
  /** Records a failure of the batch, which is given up at the third. */
  fail(lease: Lease, workerId: string, failure: BatchFailure): Promise<void>
  /** Gives batches of a bundle back before they are finished; this is not a failure. */
  release(leases: readonly Lease[]): Promise<void>
  /** Gives up all connections. Calls under way fail as retryable; later ones connect again. */
  renew(): void
}
