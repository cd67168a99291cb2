/** Times and sizes by which a coordinator works. */
export const defaults = Object.freeze({
  /** Interval of renewals: a third of a term, so that two renewals may fail before another coordinator leads. */
  renewMs: 3_000,
  /** Time to the next renewal after a failed one; by then the connections are new. */
  renewAgainMs: 500,
  /** The term of the leader's row in the ledger. A leader whose renewals fail for this long stops leading. */
  termMs: 10_000,
  /**
   * If no heartbeat gets through for this long, all connections to the database are made anew. It is long enough not to
   * hit a server that is merely slow.
   */
  anewMs: 60_000,
  /**
   * A leader that cannot reach the queue for `cutOffMs` gives up leadership if another coordinator can reach it,
   * and waits `yieldMs` before it tries to lead again.
   */
  cutOffMs: 10_000,
  yieldMs: 3_000,
  /** Interval at which a waiting coordinator tries to lead: how soon a successor follows a leader that has gone. */
  waitMs: 500,
  /**
   * Time from a change to the next look. It grows while nothing changes, so that an idle farm costs nothing: up to
   * `restMs` while batches are out, up to `idleMs` while none is.
   */
  busyMs: 25,
  restMs: 300,
  idleMs: 250,
  /** The pulse is read at least this often, where nothing stirs. */
  pulseMs: 1_000,
  troubleMs: 1_000,
  /** Interval at which ledger and queue are compared: at most, and where that takes no time. */
  reconcileMs: 10_000,
  reconcileSoonMs: 2_000,
  /** A sweep of which nothing is out for this long, although cells are open, is begun anew; then ever less often. */
  overlookedMs: 30_000,
  /** Interval at which the leader looks for workers that fell silent. */
  watchMs: 1_000,
  /**
   * A job that is missing from the queue is looked for again after this time. If it is still missing, its batch gets a
   * new job.
   */
  lostAfterMs: 2_000,
  /** If more jobs than this are taken and not leased at a time, the database is slow, and no worker was killed. */
  takenAtMost: 16,
  /**
   * A worker counts as dead after `deadAfterMs` by the leader's clock, when three heartbeats and a second have passed
   * without one; after `quietAfterMs`, if the database's clock also says that the last one is old. Its bundles are then
   * handed out again at once. If it was only slow, some of them are computed twice, and nothing else happens.
   */
  deadAfterMs: 10_000,
  quietAfterMs: 9_000,
  /** A dead worker is shown as lost for this long; then it counts as one that has left. */
  goneAfterMs: 600_000,
  /** Interval at which the estimates of running sweeps are computed again for watchers. */
  estimateMs: 1_000,
  /**
   * Number of bundles in the queue and at work: for each thread one at work and some to come, but not more to come than
   * `bundlesAhead`. Each worker holds one more than it has threads; with some more in the queue, one that has finished
   * finds the next at once.
   */
  leastWindow: 8,
  bundlesOut: 4,
  bundlesAhead: 3_000,
  /**
   * Bundles a second that the farm commits at most, about half of what a small server was measured to take
   * (docs/howto/scale.md). With more threads than this, bundles and batches grow in proportion.
   */
  bundlesPerSecond: 250,
  /** Seconds of twice `bundlesPerSecond` that may go out at once. */
  flowSeconds: 1,
  /**
   * A bundle that is expected to take longer than this is long. One thread of a farm is kept from long ones, so that
   * short work need not wait for hours.
   */
  longSeconds: 60,
  /**
   * Target length of a bundle in seconds of a thread, on a farm of few threads. Queue and commit then cost under 2 %, a
   * lost worker costs seconds, and a small sweep does not wait long for a thread.
   */
  bundleSeconds: 1,
  /** Bundles are not made smaller than this to occupy idle threads, since a job costs some milliseconds. */
  leastBundleSeconds: 0.05,
  /** Where little remains, so many bundles are made of it for each thread: they end at about the same time. */
  bundlesPerThread: 2,
  /** Largest number of batches of a bundle, so that a lease and a commit stay some MB. */
  bundleBatches: 1_000,
  /** What comes to each batch beside its trials, in seconds of a thread, until it is measured. */
  batchOverheadSeconds: 300e-6,
  /**
   * Cells read by one statement at least and at most, and pages of them that one look goes through for a sweep: a look
   * stays short, so that small sweeps do not wait for large ones.
   */
  leastCells: 50,
  cellsAtATime: 1_000,
  pages: 2,
  /** Sweeps that are fed until their jobs are put into the queue. */
  sweepsAtATime: 10,
  /** Batches that one look bundles anew. */
  looseAtATime: 5_000,
  /**
   * Target length of a batch in seconds of a thread, on a farm of few threads. Queue and commit then cost under 2 %,
   * and a lost worker costs seconds.
   */
  batchSeconds: 1.5,
  /** Target length of the first batch of a cell, whose cost is a pessimistic guess. */
  firstBatchSeconds: 0.2,
  /** Batches are not made smaller than this to occupy idle threads, since each costs something. */
  leastBatchSeconds: 0.02,
  /** Limits of a batch: 64 MiB of records, and a million trials. */
  batchBytes: 67_108_864,
  batchTrials: 1_000_000,
  /**
   * Trials of a batch where no demand asks for rows or contrasts. It is not larger because a later demand may ask for
   * them, and then the whole batch is computed again.
   */
  rowlessTrials: 4_000_000,
  /** Slices of news that one look settles before feeding and leadership have their turn again. */
  settleSlices: 1,
  /** Contrasts of an ended sweep that one look computes, for the same reason. */
  contrastSlice: 2_000,
  /**
   * A sweep whose looks throw this many times in a row is given up: the next look would throw too, and a short trouble
   * would be over by then.
   */
  tries: 3,
  /** How long a stop waits for the look under way. */
  stopMs: 8_000,
})
