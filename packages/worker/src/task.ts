/// <reference lib="dom" preserve="true" />
// (WebAssembly's types are in that library.)
import type { BatchFailure, CommitPart, Cut } from '@driftfarm/database'
import type { PreparedCell } from '@driftfarm/kernel'
import type { DataTable, RecordRule } from '@driftfarm/spec'
import type { Faults } from './faults.ts'

export type Engine = 'wasm' | 'reference'

/** What a thread is told to compute. Structured-clone safe. */
export interface BatchTask {
  readonly cell: string
  readonly canonical: string
  /** In shared memory: the clone of a task refers to the same bytes. */
  readonly data: DataTable | null
  readonly first: number
  readonly count: number
  readonly record: RecordRule
  readonly horizons: readonly number[]
  /** Estimates of which a bit a trial is wanted. */
  readonly bits: readonly string[]
  readonly cut: Cut | null
  readonly secondsPerTrial: number | null
  readonly engine: Engine
  /** See `Control`. */
  readonly control: SharedArrayBuffer
  /** What a thread that lacked the module has made of the cell already. */
  readonly prepared: PreparedCell | null
  /** Compiled shapes that the thread may not have yet. */
  readonly modules: readonly (readonly [shape: string, module: WebAssembly.Module])[]
}

/** Errors lose their own properties on the way out of a thread, so failures are answers too. */
export type BatchAnswer =
  | { readonly kind: 'parts'; readonly parts: readonly CommitPart[]; readonly cpuSeconds: number }
  /** The shape must be compiled first; then the task comes again, with what is made of it so far. */
  | { readonly kind: 'needs'; readonly prepared: PreparedCell }
  /** The stop flag was seen; there is no result. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly failure: BatchFailure }

export type CompileTask = Pick<PreparedCell, 'shape' | 'source'> & {
  /** Where compiled shapes are kept over processes. */
  readonly folder: string | null
}

export type CompileAnswer =
  | { readonly kind: 'compiled'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly failure: BatchFailure }

/**
 * What a cell rests on is found beside its first batch, in a task of its own: whatever happens to it, the batch is
 * done.
 */
export type PremisesTask = Pick<BatchTask, 'canonical' | 'data'> & Pick<CompileTask, 'folder'>

/** What a thread is told once, when it is made. */
export interface ThreadData {
  readonly faults: Faults | undefined
  readonly leastDeadlineMs: number
}
