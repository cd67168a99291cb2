/** How many failures are tolerated before a batch is given up, and how much is handled at a time. */
export const limits = Object.freeze({
  /** Failures reported by a living worker. The batch itself is likely at fault. */
  failures: 3,
  /** Leases that ended without a report. The machine is more likely at fault, so many more are tolerated. */
  vanished: 20,
  failuresBeforeAlone: 2,
  vanishedBeforeAlone: 17,
  /** Rows inserted by one statement when a sweep is submitted: a few MB. */
  cellsAtATime: 2_000,
  /** Numbers of a data set in one row, 1 MiB. Stored data sets are divided in this way, so it must never change. */
  partNumbers: 131_072,
})
