/** How much is borne before a batch is given up, and how much is handled at a time. */
export const limits = Object.freeze({
  /** Reported by a living worker: the batch itself is at fault. */
  failures: 3,
  /** Leases that ended without a word: more likely the machine, so many more are borne. */
  vanished: 20,
  failuresBeforeAlone: 2,
  vanishedBeforeAlone: 17,
  /** Rows a statement when a sweep is submitted: a few MB. */
  cellsAtATime: 5_000,
  /** Numbers of a data set a row: 1 MiB. What is stored is cut like this, so it stays. */
  partNumbers: 131_072,
})
