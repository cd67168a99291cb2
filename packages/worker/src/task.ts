/// <reference lib="dom" preserve="true" />
// (WebAssembly's types are in that library.)
import type { BatchFailure, CommitPart, Cut } from '@driftfarm/database'
import type { PreparedCell } from '@driftfarm/kernel'
import type { DataTable, RecordRule } from '@driftfarm/spec'
import type { Faults } from './faults.ts'

export type Engine = 'wasm' | 'reference'

/** The task of a computing thread. It can be structured-cloned. */
export interface BatchTask {
  readonly cell: string
  readonly canonical: string
  /** In shared memory: cloning the task does not copy the values. */
  readonly data: DataTable | null
  readonly first: number
  readonly count: number
  readonly record: RecordRule
  readonly horizons: readonly number[]
  /** Estimates for which one event bit for each trial is wanted. */
  readonly bits: readonly string[]
  readonly cut: Cut | null
  readonly secondsPerTrial: number | null
  readonly engine: Engine
  /** The buffer of a `Control`. */
  readonly control: SharedArrayBuffer
  /** What a thread that lacked the module has already prepared of the cell. */
  readonly prepared: PreparedCell | null
  /** Compiled shapes that the thread may lack. */
  readonly modules: readonly (readonly [shape: string, module: WebAssembly.Module])[]
}

/** The answer to a task. Errors lose their own properties when they leave a thread, so failures are answers too. */
export type BatchAnswer =
  | { readonly kind: 'parts'; readonly parts: readonly CommitPart[]; readonly cpuSeconds: number }
  /** The shape must be compiled first. The task is then sent again, with what was prepared so far. */
  | { readonly kind: 'needs'; readonly prepared: PreparedCell }
  /** The stop flag was seen; there is no result. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly failure: BatchFailure }

export type CompileTask = Pick<PreparedCell, 'shape' | 'source'> & {
  /** The folder in which compiled shapes are kept between processes; null for none. */
  readonly folder: string | null
}

export type CompileAnswer =
  | { readonly kind: 'compiled'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly failure: BatchFailure }

/**
 * The premises of a cell are computed after its first batch, in a task of their own, so that nothing that happens to it
 * affects the batch.
 */
export type PremisesTask = Pick<BatchTask, 'canonical' | 'data'> & Pick<CompileTask, 'folder'>

/** Passed to a thread once, when it is created. */
export interface ThreadData {
  readonly faults: Faults | undefined
  readonly leastDeadlineMs: number
}
