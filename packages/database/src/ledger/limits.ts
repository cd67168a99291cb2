/** Number of failures before a batch is given up, and sizes of statements. */
export const limits = Object.freeze({
  /** Failures reported by a live worker. The batch itself is the likely cause. */
  failures: 3,
  /** Leases that ended without a report. The machine is the more likely cause, so many more are tolerated. */
  vanished: 20,
  failuresBeforeAlone: 2,
  vanishedBeforeAlone: 17,
  /** Number of rows inserted by one statement when a sweep is submitted, a few MB. */
  cellsAtATime: 2_000,
  /** Numbers of a data set in one row, 1 MiB. Stored data sets are divided in this way, so it must never change. */
  partNumbers: 131_072,
})
