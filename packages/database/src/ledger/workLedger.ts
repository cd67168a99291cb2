import type { Tally } from '@driftfarm/kernel'
import type { RecordRule, WorkerState } from '@driftfarm/spec'
import type { PremiseLevel, Premises } from '@driftfarm/statistics'
import type { Columns, RowOf } from './rows.ts'

/** A job in the queue, which refers to a bundle of batches. */
export interface BundleJob {
  readonly bundle: number
}

/**
 * An instruction to recompute a batch and divide it: either before trial `at`, or after the trial in which the event
 * occurs for the nth time in the batch.
 */
export type Cut = { readonly at: number } | { readonly event: string; readonly nth: number }

/** A batch that a worker has leased. */
export interface Lease extends Columns<'Pending', 'first' | 'count' | 'generation' | 'again'> {
  readonly cell: RowOf<'Cell'>['id']
  readonly bundle: number
  /** Canonical JSON of the cell. */
  readonly canonical: string
  /** Hash of the cell without its numbers. Cells with the same form usually use the same compiled module. */
  readonly form: RowOf<'Cell'>['form']
  /** Hashes of the tables that the cell needs. */
  readonly tables: readonly string[]
  /** Number of times that this batch was leased, including this time. */
  readonly attempt: number
  /** Rows to record: the union of the requests of all live sweeps for this batch. */
  readonly record: RecordRule
  readonly horizons: readonly number[]
  /** Keys of the values that trials observe (`observedKeys`). */
  readonly observe: readonly string[]
  /**
   * Estimates for which the worker returns one bit per trial: whether the trial had the event. Contrasts of cells that
   * share noise need these bits.
   */
  readonly bits: readonly string[]
  /** Thread time of a trial in seconds, from the last batch of the cell; null before the first one. */
  readonly secondsPerTrial: number | null
  /** A guess of the thread time of a trial from the properties of the cell. */
  readonly cost: number
  readonly cut: Cut | null
  /** Premises of the cell that the worker must compute in addition to the batch; null if none are requested. */
  readonly premises: PremisesWanted | null
}

/**
 * A request to compute premises of a cell. A lease contains it if no premises are stored yet, or if the stored premises
 * do not have the highest level.
 */
export interface PremisesWanted {
  /** Number of trials requested for the cell, and number of cells in its sweep. Together they determine the level. */
  readonly trials: number
  readonly cells: number
  /** The level of the stored premises, which the new ones must exceed; null if none are stored. */
  readonly above: PremiseLevel | null
}

/** The reply to a worker that has taken the job of a bundle. */
export interface BundleLease extends BundleJob {
  /**
   * The batches to compute, grouped by form. Empty if the bundle has ended: its batches are finished or in new bundles.
   */
  readonly batches: readonly Lease[]
  /** Number of batches that no sweep requests now. They are dispatched again when a sweep requests them. */
  readonly parked: number
  /**
   * Whether one of the batches has failed, or lost its worker, so often that it will soon be given up. If so, the
   * worker must hold no other bundle: another failure could harm that bundle too.
   */
  readonly alone: boolean
  /** Expected thread time of the whole bundle in seconds; null if the cost of its cells is unknown. */
  readonly seconds: number | null
}

export interface TrialRange extends Columns<'Batch', 'first' | 'count'> {}

export interface CellTrials extends TrialRange {
  readonly cell: RowOf<'Cell'>['id']
}

export interface CommitPart extends TrialRange {
  readonly tally: Tally
  readonly digest: bigint
  /** One row of farm.outcome in the binary format of COPY (`encodeOutcomeRow`); null if no rows are recorded. */
  readonly outcome: Uint8Array | null
  /** One entry for each of the lease's `bits`. */
  readonly bits: readonly EventBits[]
}

/** One bit for each trial: whether the trial had the event (`eventBits` of statistics). */
export interface EventBits {
  readonly estimate: string
  readonly bytes: Uint8Array
}

export interface CommitResult {
  /** One part if the batch is not cut. A cut batch has a head and a tail, or only a head if the tail is empty. */
  readonly parts: readonly CommitPart[]
  /** Thread time of the trials. */
  readonly cpuSeconds: number
  /** Total thread time, including the overhead of each batch. */
  readonly seconds: number
  /** Null if the lease did not request premises. */
  readonly premises: Premises | null
}

export interface LeasedResult {
  readonly lease: Lease
  readonly result: CommitResult
}

/**
 * The outcome of a commit. duplicate: the same bytes were already stored. gone: no sweep contains the cell any more.
 * violation: the stored bytes differ.
 */
export type CommitOutcome =
  | { readonly ending: 'committed' | 'duplicate' | 'gone' }
  | { readonly ending: 'violation'; readonly message: string }

export interface BatchFailure {
  readonly kind: 'throw' | 'exit' | 'memory' | 'deadline'
  readonly message: string
}

/** `kind` is worker, run, up or coordinator. By default, host, pid and kernel version are those of this process. */
export interface WorkerRow
  extends Columns<'Worker', 'id' | 'kind' | 'threads'>,
    Partial<Columns<'Worker', 'host' | 'pid' | 'kernel'>> {
  /** The queue from which the process takes jobs: `redis://host:port/database` or `postgres`. Absent if unknown. */
  readonly queue?: string | undefined
}

/** The state of the queue as seen by a process. */
export interface QueueState {
  /** Time in ms for which the queue has not responded; 0 while it responds. */
  readonly lostForMs: number
  /** Identifies the server, no matter under which address it is reached; null while it is unknown. */
  readonly server: string | null
}

/** What a process reports about itself. */
export interface Heartbeat {
  readonly state: Exclude<WorkerState, 'gone'>
  /** A sentence that states what keeps the process from working; null if nothing does. */
  readonly trouble: string | null
  readonly queue: QueueState
  /** Which engine computes, and why not the other, for people. Absent: unknown. */
  readonly engine?: string | null
  readonly leases: readonly Lease[]
}
