/** How many failures of a batch are tolerated, and how large statements may be. */
export const limits = Object.freeze({
  /** Failures reported by a live worker. The batch itself is the likely cause. */
  failures: 3,
  /** Leases that ended without a report. The machine is the more likely cause, so many more are tolerated. */
  vanished: 20,
  failuresBeforeAlone: 2,
  vanishedBeforeAlone: 17,
  /** Number of rows inserted by one statement when a sweep is submitted, a few MB. */
  cellsAtATime: 2_000,
  /**
   * Number of values of a data set in one row, 1 MiB. It must never change, because stored data sets are divided in
   * this way.
   */
  partNumbers: 131_072,
})
