/** How a coordinator paces itself. */
export const defaults = Object.freeze({
  /** A third of a term: two may fail before another leads. */
  renewMs: 3_000,
  /** After one that failed, on connections that are new by then. */
  renewAgainMs: 500,
  /** The term of the ledger's leader row. Not renewed for so long, a leader leads no more. */
  termMs: 10_000,
  /**
   * No heartbeat got through for so long: all connections to the database are made anew. Long enough for a server that
   * is only slow.
   */
  anewMs: 60_000,
  /**
   * A leader that cannot reach the queue for so long makes room for another that may, and waits `yieldMs` before it
   * tries again.
   */
  cutOffMs: 10_000,
  yieldMs: 3_000,
  /** Waiting for leadership: how soon a successor is there after the leader went. */
  waitMs: 500,
  /** From a change to the next look; grows while nothing changes, so that an idle farm costs nothing. */
  busyMs: 25,
  restMs: 100,
  idleMs: 250,
  troubleMs: 1_000,
  reconcileMs: 10_000,
  /** A job that is missing in the queue is looked for once more, so much later, before it is given a successor. */
  lostAfterMs: 2_000,
  /** Five missed heartbeats of a worker; three, where the database's clock says the same. */
  deadAfterMs: 15_000,
  quietAfterMs: 9_000,
  /** Intervals of sweeps that run are made anew for watchers. */
  estimateMs: 1_000,
  /** Batches in the queue and at work: each thread has one, and three to come. */
  leastWindow: 16,
  batchesPerThread: 4,
  mostWindow: 1_000,
  /** Short batches: this much work of all threads is out. */
  windowSeconds: 0.5,
  /** What a batch aims at, in seconds of a thread: queue and commit then cost under 2 %, and a lost worker seconds. */
  batchSeconds: 1.5,
  /** The first batch of a cell, by a pessimistic guess. */
  firstBatchSeconds: 0.2,
  /** Splitting for idle threads ends here: a job costs some milliseconds. */
  leastBatchSeconds: 0.02,
  /** Records of a batch: 64 MB, and a million trials. */
  batchBytes: 67_108_864,
  batchTrials: 1_000_000,
  /**
   * Where nobody asks for rows or contrasts. Not more: a later demand may, and then a batch is computed again with all
   * of them.
   */
  rowlessTrials: 4_000_000,
  /** Slices of settled demands a look, before feeding and leadership have their turn again. */
  settleSlices: 40,
  /** Contrasts of an ended sweep that are made a look, for the same reason. */
  contrastSlice: 2_000,
  /**
   * A sweep that threw at so many looks in a row is given up: the next would throw too, and a short trouble is over by
   * then.
   */
  tries: 3,
  /** A stop waits this long for the look under way. */
  stopMs: 8_000,
})
