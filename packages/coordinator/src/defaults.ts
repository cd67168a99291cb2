/** Default times and sizes of a coordinator. */
export const defaults = Object.freeze({
  /** Interval of renewals. It is a third of a term, so that two renewals may fail before another coordinator leads. */
  renewMs: 3_000,
  /** Time to the next renewal after a failed one; by then the connections are new. */
  renewAgainMs: 500,
  /** Term of the leader's row in the ledger. A coordinator whose renewals fail for this long stops leading. */
  termMs: 10_000,
  /**
   * If no heartbeat succeeds for this long, all connections to the database are replaced. The time is long enough not
   * to affect a server that is merely slow.
   */
  replaceConnectionsMs: 60_000,
  /**
   * A leading coordinator that cannot reach the queue for `cutOffMs` steps down if another coordinator can reach it. It
   * waits `yieldMs` before it tries to lead again.
   */
  cutOffMs: 10_000,
  yieldMs: 3_000,
  /** Interval at which a standby tries to lead, and thus the delay after which it succeeds a stopped leader. */
  waitMs: 500,
  /**
   * Time from a change to the next scheduling pass. It grows while nothing changes, so that an idle farm costs nothing:
   * up to `steadyMs` while batches are dispatched, up to `idleMs` otherwise.
   */
  busyMs: 25,
  steadyMs: 300,
  idleMs: 250,
  /** The pulse is read at least this often if nothing changes. */
  snapshotMs: 1_000,
  troubleMs: 1_000,
  /**
   * Interval at which ledger and queue are compared: the longest, and the shortest, which applies if a comparison takes
   * no time.
   */
  reconcileMs: 10_000,
  reconcileSoonMs: 2_000,
  /**
   * If nothing of a sweep is dispatched for this long although cells are open, it is started afresh. This is repeated
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
  /** If more jobs than this are taken but not leased, the cause is a slow database and not a killed worker. */
  takenAtMost: 16,
  /**
   * A worker counts as dead after `deadAfterMs` by the leader's clock, when three heartbeats and a second have passed
   * without one; after `quietAfterMs`, if the database's clock also says that the last one is old. Its bundles are then
   * dispatched again at once. If it was only slow, the only effect is that some bundles are computed twice.
   */
  deadAfterMs: 10_000,
  quietAfterMs: 9_000,
  /** A dead worker is shown as lost for this long; then it counts as one that has left. */
  goneAfterMs: 600_000,
  /** Interval at which the estimates of running sweeps are updated for watchers. */
  estimateMs: 1_000,
  /**
   * Number of bundles in the queue and running: for each thread one that is running and some that wait, of which there
   * are at most `bundlesAhead`. Each worker holds one more than it has threads. With some more in the queue, a thread
   * that has finished finds the next one at once.
   */
  minWindow: 8,
  bundlesOut: 4,
  bundlesAhead: 3_000,
  /**
   * Largest number of bundles per second that the farm commits, about half of what was measured on a small server
   * (docs/operate/scaling.md). With more threads than this, bundles and batches grow in proportion.
   */
  bundlesPerSecond: 250,
  /** Largest burst, in seconds at twice `bundlesPerSecond`. */
  flowSeconds: 1,
  /**
   * A bundle that is expected to take longer than this is long. One thread of a farm gets no long bundles, so that
   * short work need not wait for hours.
   */
  longSeconds: 60,
  /**
   * Target duration of a bundle in thread seconds, on a farm with few threads. Queue and commit then cost less than 2
   * %, a lost worker costs seconds, and a small sweep does not wait long for a thread.
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
   * Smallest and largest number of cells read by one statement, and number of such pages that one scheduling pass reads
   * of a sweep. A pass stays short, so that small sweeps do not wait for large ones.
   */
  minCells: 50,
  cellsAtATime: 1_000,
  pages: 2,
  /** Number of sweeps that are processed before their jobs are added to the queue. */
  sweepsAtATime: 10,
  /** Number of loose batches that one scheduling pass puts into new bundles. */
  looseAtATime: 5_000,
  /**
   * Target duration of a batch in thread seconds, on a farm with few threads. Queue and commit then cost less than 2 %,
   * and a lost worker costs seconds.
   */
  batchSeconds: 1.5,
  /** Target duration of the first batch of a cell, whose cost is a pessimistic guess. */
  firstBatchSeconds: 0.2,
  /** Batches are not made smaller than this to occupy idle threads, since each costs something. */
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
  /** Number of contrasts of an ended sweep that one scheduling pass computes, for the same reason. */
  contrastSlice: 2_000,
  /**
   * A sweep that fails in this many consecutive scheduling passes is given up. A temporary problem would have passed by
   * then.
   */
  tries: 3,
  /** Time that a stop waits for the running scheduling pass. */
  stopMs: 8_000,
})
