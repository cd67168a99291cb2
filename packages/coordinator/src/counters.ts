/** Counters of a coordinator since its creation, for metrics. */
export interface Counters {
  passes: number
  /** Batches dispatched for the first time. */
  dispatched: number
  /** Bundles whose jobs were added to the queue. */
  enqueued: number
  /**
   * Number of times that settling changed the request for a cell: batches were merged into the cell's prefix, stopping
   * rules were checked, or the cell ended.
   */
  settled: number
  finished: number
  /** Batches whose lease ended without a report from the worker. */
  vanished: number
  /** Batches whose job the queue has lost. */
  lost: number
  interrupted: number
  /** Errors that did not end the coordinator. */
  troubles: number
  terms: number
}

export const zeroCounters = (): Counters => ({
  passes: 0,
  dispatched: 0,
  enqueued: 0,
  settled: 0,
  finished: 0,
  vanished: 0,
  lost: 0,
  interrupted: 0,
  troubles: 0,
  terms: 0,
})
