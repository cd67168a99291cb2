/// <reference lib="dom" preserve="true" />
// The library `dom` declares the types of WebAssembly.
import type { BatchFailure, CommitResult, Lease } from '@driftfarm/database'
import type { PreparedCell } from '@driftfarm/kernel'
import type { Tables } from '@driftfarm/spec'
import type { Faults } from './faults.ts'
import type { Target } from './native/target.ts'

export type Engine = 'wasm' | 'reference'

/** How a thread computes the batches of a shape that has a library. */
export interface NativeUse {
  readonly shape: string
  /** The file of the library; null if the shape must have one and cannot. */
  readonly file: string | null
  /** Number of trials that both engines compute, to compare them; null for none. */
  readonly compares: number | null
  readonly why: string
}

/** What a thread tells about a batch. */
export interface EngineReport {
  readonly shape: string
  /** The index of the batch in the slice. */
  readonly place: number
  /** Processor time, in s. */
  readonly seconds: number
  /** Processor times of the trials that both engines computed, and the first difference between the results. */
  readonly compared: { readonly wasm: number; readonly native: number; readonly difference: string | null } | null
  /** Why native code gave no result. */
  readonly failure: string | null
}

/** The task can be structured-cloned. */
export interface SliceTask {
  readonly batches: readonly Lease[]
  /** The data set of the batches, in shared memory: cloning the task does not copy the values. */
  readonly tables: Tables
  readonly engine: Engine
  /** The buffer of a `Control`. */
  readonly control: SharedArrayBuffer
  /** The cell of the first batch, if a thread has prepared it but had no module for its shape. */
  readonly prepared: PreparedCell | null
  readonly modules: readonly (readonly [shape: string, module: WebAssembly.Module])[]
  readonly natives: readonly NativeUse[]
  /** The folder in which compiled shapes and training runs are kept between processes; null for none. */
  readonly folder: string | null
  /**
   * What happens if the first batch needs a training run that is not kept. `ask`: the task ends, so that only one
   * thread trains. `train`: the task trains, and ends. `go`: the batch trains.
   */
  readonly training: 'ask' | 'train' | 'go'
}

/** Errors lose their own properties when they leave a thread, so failures are returned as ordinary results. */
export type BatchAnswer =
  | ({ readonly kind: 'parts' } & CommitResult)
  | { readonly kind: 'failed'; readonly failure: BatchFailure }

export interface SliceAnswer {
  readonly reports: readonly EngineReport[]
  /** Results of the first batches of the task, in order. */
  readonly answers: readonly BatchAnswer[]
  /**
   * Why the task ended before its last batch; null if all batches have results. `stopped`: the stop flag was seen. A
   * `PreparedCell`: the next batch belongs to this cell, and the thread has no module for the cell's shape. The pool
   * gets the module, then sends the module, the prepared cell and the remaining batches in a new task.
   * `training`: the key of the training run that the next batch needs; see `SliceTask.training`.
   */
  readonly ended: 'stopped' | PreparedCell | { readonly training: string } | null
}

/** A task to compile native lanes for the shape of a batch. */
export interface NativeTask {
  readonly lease: Lease
  readonly tables: Tables
  readonly target: Target
  readonly folder: string
}

export type CompileTask = Pick<PreparedCell, 'shape' | 'source'> & {
  readonly folder: string | null
}

/** Passed to a thread once, when it is created. */
export interface ThreadData {
  readonly faults: Faults | undefined
  readonly minDeadlineMs: number
  readonly premisesLimitMs: number
}
