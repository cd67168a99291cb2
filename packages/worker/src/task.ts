/// <reference lib="dom" preserve="true" />
// (WebAssembly's types are in that library.)
import type { BatchFailure, CommitPart, Lease } from '@driftfarm/database'
import type { PreparedCell } from '@driftfarm/kernel'
import type { DataTable } from '@driftfarm/spec'
import type { Premises } from '@driftfarm/statistics'
import type { Faults } from './faults.ts'

export type Engine = 'wasm' | 'reference'

/** A batch as a thread computes it. */
export interface BatchTask
  extends Pick<
    Lease,
    'cell' | 'canonical' | 'first' | 'count' | 'record' | 'horizons' | 'bits' | 'cut' | 'secondsPerTrial' | 'premises'
  > {}

/** The task of a computing thread: batches one after the other. It can be structured-cloned. */
export interface SliceTask {
  readonly batches: readonly BatchTask[]
  /** The samples of their landscapes, in shared memory: cloning the task does not copy the values. */
  readonly data: DataTable | null
  readonly engine: Engine
  /** The buffer of a `Control`. */
  readonly control: SharedArrayBuffer
  /** What a thread that lacked the module of the first batch has already prepared of its cell. */
  readonly prepared: PreparedCell | null
  /** Compiled shapes that the thread may lack. */
  readonly modules: readonly (readonly [shape: string, module: WebAssembly.Module])[]
  /** The folder in which compiled shapes are kept between processes; null for none. */
  readonly folder: string | null
}

/** The answer to one batch. Errors lose their own properties when they leave a thread, so failures are answers too. */
export type BatchAnswer =
  | {
      readonly kind: 'parts'
      readonly parts: readonly CommitPart[]
      /** Thread time of the trials. */
      readonly cpuSeconds: number
      /** Thread time in all. */
      readonly seconds: number
      /** Null where they were not asked for. */
      readonly premises: Premises | null
    }
  | { readonly kind: 'failed'; readonly failure: BatchFailure }

export interface SliceAnswer {
  /** Of the first batches of the task, in order. */
  readonly answers: readonly BatchAnswer[]
  /**
   * Why there are not more: the stop flag was seen, or the shape of the next batch must be compiled first. The rest is
   * then sent again, with what was prepared of that batch. Null where all were computed.
   */
  readonly ended: 'stopped' | PreparedCell | null
}

export type CompileTask = Pick<PreparedCell, 'shape' | 'source'> & {
  /** The folder in which compiled shapes are kept between processes; null for none. */
  readonly folder: string | null
}

export type CompileAnswer =
  | { readonly kind: 'compiled'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly failure: BatchFailure }

/** Passed to a thread once, when it is created. */
export interface ThreadData {
  readonly faults: Faults | undefined
  readonly leastDeadlineMs: number
  readonly premisesLimitMs: number
}
