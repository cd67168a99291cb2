/** Default times and sizes of a coordinator. */
export const defaults = Object.freeze({
  /** Interval of renewals. It is a third of a term, so that two renewals may fail before another coordinator leads. */
  renewMs: 3_000,
  /** Time to the next renewal after a failed one; by then the connections are new. */
  renewAgainMs: 500,
  /** How long leadership lasts without a renewal. A coordinator whose renewals fail for this long stops leading. */
  termMs: 10_000,
  /**
   * If no heartbeat succeeds for this long, all connections to the database are replaced. The time is long enough not
   * to affect a server that is merely slow.
   */
  replaceConnectionsMs: 60_000,
  /**
   * A leading coordinator that cannot reach the queue for `cutOffMs` steps down if another coordinator can reach it. It
   * then waits `yieldMs` before it tries to lead again.
   */
  cutOffMs: 10_000,
  yieldMs: 3_000,
  /** Interval at which a standby tries to lead, and thus the delay after which it succeeds a stopped leader. */
  waitMs: 500,
  /**
   * Time from a change to the next scheduling pass. While nothing changes, it grows: up to `steadyMs` if batches are
   * dispatched, otherwise up to `idleMs`. An idle farm thus costs nothing.
   */
  busyMs: 25,
  steadyMs: 300,
  idleMs: 250,
  /** The pulse is read at least this often if nothing changes. */
  snapshotMs: 1_000,
  troubleMs: 1_000,
  /**
   * Longest and shortest interval between two comparisons of ledger and queue. The shortest one applies if a comparison
   * takes no time.
   */
  reconcileMs: 10_000,
  reconcileSoonMs: 2_000,
  /**
   * If a sweep has open cells but no dispatched bundles for this long, all its cells are read again. This is repeated
   * at growing intervals.
   */
  stalledMs: 30_000,
  /** Interval at which the leading coordinator checks for workers without heartbeats. */
  watchMs: 1_000,
  /**
   * A job that is missing from the queue is checked again after this time. If it is still missing, its batch gets a new
   * job.
   */
  lostAfterMs: 2_000,
  /**
   * If workers have taken more jobs than this without leasing their bundles, the cause is a slow database and not a
   * killed worker.
   */
  takenAtMost: 16,
  /**
   * A worker counts as dead if the leader has seen no heartbeat for `deadAfterMs`: three heartbeat intervals and a
   * second. `quietAfterMs` is enough if the last heartbeat is also old by the database's clock. The bundles of a dead
   * worker are dispatched again at once. If the worker was only slow, the only effect is that some bundles are computed
   * twice.
   */
  deadAfterMs: 10_000,
  quietAfterMs: 9_000,
  /** A dead worker is shown as lost for this long, and then as one that has left. */
  goneAfterMs: 600_000,
  /** Interval at which the estimates of running sweeps are updated for watchers. */
  estimateMs: 1_000,
  /**
   * Number of bundles in the queue and running: `bundlesOut` per thread, of which at most `bundlesAhead` wait, but at
   * least `minWindow`. Each worker holds one bundle more than it has threads. Further bundles in the queue let a thread
   * that has finished find the next one at once.
   */
  minWindow: 8,
  bundlesOut: 4,
  bundlesAhead: 3_000,
  /**
   * Largest number of bundles per second that the farm commits, about half of what was measured on a small server
   * (docs/operate/scaling.md). If the farm has more threads than this, bundles and batches grow in proportion.
   */
  bundlesPerSecond: 250,
  /** Largest burst after a pause: as many bundles as are dispatched in this time at twice `bundlesPerSecond`. */
  flowSeconds: 1,
  /**
   * A bundle that is expected to take longer than this is long. One thread of a farm gets no long bundles, so that
   * short work need not wait for hours.
   */
  longSeconds: 60,
  /**
   * Target duration of a bundle in thread seconds, on a farm with few threads. Queue and commit then cost less than 2 %
   * of the time, a lost worker costs seconds, and a small sweep does not wait long for a thread.
   */
  bundleSeconds: 1,
  /** Bundles are not made smaller than this to occupy idle threads, since a job costs some milliseconds. */
  minBundleSeconds: 0.05,
  /** If little work remains, it is divided into this number of bundles per thread, which end at about the same time. */
  bundlesPerThread: 2,
  /** Largest number of batches in a bundle, so that a lease and a commit have only a few MB. */
  bundleBatches: 1_000,
  /** Overhead of each batch in thread seconds, until it is measured. */
  batchOverheadSeconds: 300e-6,
  /**
   * Smallest and largest number of cells that one statement reads, and number of such pages of a sweep that one
   * scheduling pass reads. A pass stays short, so that small sweeps do not wait for large ones.
   */
  minCells: 50,
  cellsAtATime: 1_000,
  pages: 2,
  /** Number of sweeps that are processed before their jobs are added to the queue. */
  sweepsAtATime: 10,
  /** Number of loose batches that one scheduling pass puts into new bundles. */
  looseAtATime: 5_000,
  /**
   * Target duration of a batch in thread seconds, on a farm with few threads. Queue and commit then cost less than 2 %
   * of the time, and a lost worker costs seconds.
   */
  batchSeconds: 1.5,
  /** Target duration of the first batch of a cell, whose cost is a pessimistic guess. */
  firstBatchSeconds: 0.2,
  /** Batches are not made smaller than this to occupy idle threads, since each batch has a fixed cost. */
  minBatchSeconds: 0.02,
  /** Limits of a batch: 64 MiB of records, and a million trials. */
  batchBytes: 67_108_864,
  batchTrials: 1_000_000,
  /**
   * Largest number of trials in a batch if no request includes rows or contrasts. It is not larger because a later
   * request may include them, and then the whole batch is recomputed.
   */
  rowlessTrials: 4_000_000,
  /** Number of slices of pending updates that one scheduling pass settles before it dispatches again. */
  settleSlices: 1,
  /** Number of contrasts of an ended sweep that one scheduling pass computes before it dispatches again. */
  contrastSlice: 2_000,
  /**
   * A sweep that fails in this many consecutive scheduling passes is given up. A temporary problem would have passed by
   * then.
   */
  tries: 3,
  /** How long a stop waits for the running scheduling pass. */
  stopMs: 8_000,
})
