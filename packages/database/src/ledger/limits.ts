export const limits = Object.freeze({
  /** A batch is given up after this many failures that live workers reported. The batch is the likely cause. */
  failures: 3,
  /**
   * A batch is given up after this many leases that ended without a report. The cause is more likely the
   * machine than the batch, so this limit is higher than `failures`.
   */
  vanished: 20,
  failuresBeforeAlone: 2,
  vanishedBeforeAlone: 17,
  /** Number of rows that one statement inserts when a sweep is submitted. These rows take a few MB. */
  cellsAtATime: 2_000,
  /**
   * Number of values of a data set that one row contains (1 MiB). It must never change, because stored data sets are
   * divided into such rows.
   */
  partNumbers: 131_072,
})
