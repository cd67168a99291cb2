/** Default times and sizes of a coordinator. */
export const defaults = Object.freeze({
  /**
   * Interval at which leadership is renewed. It is less than a third of `termMs`, so that two renewals may fail before
   * another coordinator leads.
   */
  renewMs: 3_000,
  /** Time from a failed renewal to the next attempt. By then, failed connections have been replaced. */
  renewAgainMs: 500,
  /** How long leadership lasts without a renewal. */
  termMs: 10_000,
  /**
   * If no renewal succeeds for this long, all connections to the database are replaced. A server that is merely slow
   * responds sooner.
   */
  replaceConnectionsMs: 60_000,
  /**
   * A leading coordinator that cannot reach the queue for `cutOffMs` steps down if another coordinator can reach it. It
   * then waits `yieldMs` before it tries to lead again.
   */
  cutOffMs: 10_000,
  yieldMs: 3_000,
  /** Interval at which a coordinator on standby tries to lead. */
  waitMs: 500,
  /**
   * Interval between two checks for changes, after a change. While nothing changes, the interval doubles each time: up
   * to `steadyMs` if bundles are dispatched, otherwise up to `idleMs`.
   */
  busyMs: 25,
  steadyMs: 300,
  idleMs: 250,
  /** Longest time between two reads of the snapshot of the farm, even if nothing changes. */
  snapshotMs: 1_000,
  troubleMs: 1_000,
  /**
   * Longest and shortest interval between two comparisons of ledger and queue. Within these limits, the interval is 100
   * times the duration of the last comparison.
   */
  reconcileMs: 10_000,
  reconcileSoonMs: 2_000,
  /**
   * If a sweep has open cells but no dispatched bundles for this long, all its cells are read again, at growing
   * intervals.
   */
  stalledMs: 30_000,
  /** Interval at which the leading coordinator checks for workers without heartbeats. */
  watchMs: 1_000,
  /**
   * If the job of a bundle is missing from the queue, the coordinator looks for it again after this time. If the job is
   * still missing, the batches get a new bundle and a new job.
   */
  lostAfterMs: 2_000,
  /**
   * Workers may have taken jobs from the queue without leasing the bundles. If there are more such jobs than this, the
   * coordinator assumes that the database is slow. Otherwise, it assumes that these workers were killed.
   */
  takenAtMost: 16,
  /**
   * A worker counts as dead if the leading coordinator has seen no heartbeat for `deadAfterMs`: three heartbeat
   * intervals and a second. The shorter `quietAfterMs` applies if the last heartbeat is also old by the database's
   * clock. If the worker was only slow, the only effect is that some bundles are computed twice.
   */
  deadAfterMs: 10_000,
  quietAfterMs: 9_000,
  /** A dead worker is shown as lost for this long, and then as having left. */
  goneAfterMs: 600_000,
  /** While a sweep runs, its estimates are updated at this interval, for users who watch the sweep. */
  estimateMs: 1_000,
  /**
   * The window is the largest number of bundles that may be in the queue or running. It is `bundlesOut` per thread, but
   * at most the number of threads plus `bundlesAhead`, and at least `minWindow`. Each worker holds one bundle more than
   * it has threads. The other bundles wait in the queue, where a thread that has finished finds the next bundle at
   * once.
   */
  minWindow: 8,
  bundlesOut: 4,
  bundlesAhead: 3_000,
  /**
   * Largest number of bundles per second that the farm commits, less than half of the rate measured on a small server
   * (docs/operate/scaling.md). A thread commits a bundle every `bundleSeconds`. If all threads together would commit
   * more than this, bundles and batches are proportionally longer.
   */
  bundlesPerSecond: 150,
  /** After a pause, up to 2 * `bundlesPerSecond` * `flowSeconds` bundles may be dispatched at once. */
  flowSeconds: 1,
  /**
   * A bundle counts as long if it is expected to take longer than this. One thread of the farm is kept free of
   * long bundles, so that short work need not wait for hours.
   */
  longSeconds: 60,
  /**
   * Target duration of a bundle, and longest target of a batch, in thread seconds, on a farm with few threads. A lost
   * worker then costs a second, a small sweep does not wait long for a thread, and the counters of a sweep change at
   * least once a second.
   */
  bundleSeconds: 0.5,
  /**
   * To keep idle threads busy, bundles are made shorter, but not shorter than this: each job costs a few milliseconds.
   */
  minBundleSeconds: 0.05,
  /**
   * If little work remains, it is divided into this number of bundles per thread, so that all threads end at about the
   * same time.
   */
  bundlesPerThread: 2,
  /** Largest number of batches in a bundle, so that a lease or a commit takes up only a few MB. */
  bundleBatches: 1_000,
  /** Overhead of each batch in thread seconds, until it is measured. */
  batchOverheadSeconds: 300e-6,
  /**
   * One statement reads a page of `minCells` to `cellsAtATime` cells, and one scheduling pass reads at most `pages`
   * pages of a sweep. The pass stays short, so that small sweeps do not wait for large ones.
   */
  minCells: 50,
  cellsAtATime: 1_000,
  pages: 2,
  /** A scheduling pass adds jobs to the queue each time it has made new bundles for this many sweeps. */
  sweepsAtATime: 10,
  /** Number of loose batches (without a bundle) that one scheduling pass puts into new bundles. */
  looseAtATime: 5_000,
  /**
   * Target duration of a batch in thread seconds while the cost of a trial has been measured neither on this cell nor
   * on other cells of the sweep. The size of the batch is computed from a pessimistic guess of the cost.
   */
  firstBatchSeconds: 0.2,
  /** To keep idle threads busy, batches are made shorter, but not shorter than this: each batch has a fixed cost. */
  minBatchSeconds: 0.02,
  /** Limits of a batch with rows or contrasts: size of the records in bytes, and number of trials. */
  batchBytes: 67_108_864,
  batchTrials: 1_000_000,
  /**
   * Largest number of trials in a batch if no request includes rows or contrasts. If a later request includes them, the
   * whole batch is recomputed, so batches must not be too large.
   */
  rowlessTrials: 4_000_000,
  /** Number of contrasts of an ended sweep that one scheduling pass computes before it dispatches again. */
  contrastSlice: 2_000,
  /**
   * A sweep that fails in this many consecutive scheduling passes is given up. A temporary problem would have passed by
   * then.
   */
  tries: 3,
  /** Longest time that `stop` waits for the running scheduling pass. */
  stopMs: 8_000,
})

/** The durations, which tests can shorten, and the limit `takenAtMost`. */
export type Limits = Readonly<Record<Extract<keyof typeof defaults, `${string}Ms`> | 'takenAtMost', number>>
