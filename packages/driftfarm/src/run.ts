import type { RowBatch } from '@driftfarm/kernel'
import type { Envelope, ResultsData, ReusedData, StatusData } from '@driftfarm/report'
import type { FigureContent, FigureRequest } from './figure.ts'
import type { Results } from './results.ts'

/** How a spec is read. */
export interface SpecOptions {
  /** Trials a cell, instead of the spec's. */
  readonly trials?: number
  /** Changes of the spec by dotted path: `{ 'update.eta': 0.05 }`. */
  readonly set?: Readonly<Record<string, unknown>>
  /** The folder that file names in the spec are relative to. Default: the working folder. */
  readonly folder?: string
}

export interface PlanOptions extends SpecOptions {
  /** Whether a few trials are computed to tell times and the method that suits; default true. */
  readonly pilot?: boolean
}

export interface RunOptions extends SpecOptions {
  /** Aborting it ends the run; finished trials stay, and running the sweep again goes on. On a farm of machines the
   * sweep goes on, and is only no longer waited for. What waits then rejects with INTERRUPTED. */
  readonly signal?: AbortSignal
}

/** What happens to a run: its state at each change, then its results. A line of `driftfarm watch --json` each. */
export type RunEvent =
  | ({ readonly type: 'status' } & StatusData)
  | ({ readonly type: 'result' } & Envelope<'Results', ResultsData>)

/** A sweep that is being computed, or has been. */
export interface Run {
  readonly id: string
  readonly name: string
  /** What a new sweep takes over from others that hold the same cells; null where that is nothing. */
  readonly reused: ReusedData | null
  /** Its events from now on, at most five a second; the last is that of its results. */
  events(): AsyncIterable<RunEvent>
  /** The results once it has ended: complete, or as `data.sweep.state` says. */
  results(): Promise<Results>
  /** The kept trials as columns, at most 65,536 at a time, once it has ended. */
  rows(): AsyncIterable<RowBatch>
  /** A figure of it once it has ended. */
  figure<const Request extends FigureRequest = Record<never, never>>(request?: Request): Promise<FigureContent<Request>>
  /** Ends it for everybody: running batches end too, finished trials stay. */
  cancel(): Promise<void>
}
