import type { RowBatch } from '@driftfarm/kernel'
import type { ComputedData, Envelope, ResultsData, ReusedData, StatusData } from '@driftfarm/report'
import type { FigureContent, FigureRequest } from './figure.ts'
import type { Results } from './results.ts'

/** Options for reading a spec. */
export interface SpecOptions {
  /** Trials per cell, instead of the number in the spec. */
  readonly trials?: number
  /** Changes to the spec by dotted path: `{ 'update.eta': 0.05 }`. */
  readonly set?: Readonly<Record<string, unknown>>
  /** File names in the spec are relative to this folder. Default: the working folder. */
  readonly folder?: string
}

export interface PlanOptions extends SpecOptions {
  /** Whether to compute a few trials to measure times and recommend a method. Default: true. */
  readonly pilot?: boolean
}

export interface RunOptions extends SpecOptions {
  /**
   * If this signal is aborted, the run ends, and pending calls reject with INTERRUPTED. Finished trials stay stored;
   * running the sweep again continues it. On a farm with its own workers, the sweep continues, and only the wait for it
   * ends.
   */
  readonly signal?: AbortSignal
}

/**
 * An event of a run: its status at each change and, finally, its results. Each event is a line of `driftfarm watch
 * --json`.
 */
export type RunEvent =
  | ({ readonly type: 'status' } & StatusData)
  | ({ readonly type: 'result' } & Envelope<'Results', ResultsData>)

/** A sweep that is being computed, or has ended. */
export interface Run {
  readonly id: string
  readonly name: string
  /** Warnings that are known before any trial is computed, for example that intervals will be wider. */
  readonly warnings: readonly string[]
  /** The data that a new sweep reuses from sweeps with the same cells; null if there is none. */
  readonly reused: ReusedData | null
  /** What is left to compute; null if the farm has an earlier version, which does not report it. */
  readonly computed: ComputedData | null
  /** The events from now on, at most five per second. The last event has the results. */
  events(): AsyncIterable<RunEvent>
  /** The results, once the sweep has ended. `data.sweep.state` shows whether it is complete. */
  results(): Promise<Results>
  /** The recorded trials as columns, at most 65,536 at a time, once the sweep has ended. */
  rows(): AsyncIterable<RowBatch>
  /** A figure of the sweep, once the sweep has ended. */
  figure<const Request extends FigureRequest = Record<never, never>>(request?: Request): Promise<FigureContent<Request>>
  /** Cancels the sweep for all its users. Running batches are stopped; finished trials stay stored. */
  cancel(): Promise<void>
}
