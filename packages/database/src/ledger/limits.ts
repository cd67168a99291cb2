/** How many failures of a batch are tolerated, and how much one statement or row contains. */
export const limits = Object.freeze({
  /** Failures reported by a live worker. The batch itself is the likely cause. */
  failures: 3,
  /** Leases that ended without a report. The machine is the more likely cause, so many more are tolerated. */
  vanished: 20,
  failuresBeforeAlone: 2,
  vanishedBeforeAlone: 17,
  /** Number of rows that one statement inserts when a sweep is submitted. They take a few MB. */
  cellsAtATime: 2_000,
  /**
   * Number of values of a data set that one row contains (1 MiB). It must never change, because stored data sets are
   * divided into such rows.
   */
  partNumbers: 131_072,
})
