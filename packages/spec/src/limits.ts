/** The limits of the contract; exceeding one is an error that says which. */
export const limits = {
  bytes: 1_048_576,
  cells: 1_000_000,
  trialsPerCell: 1e15,
  trialsPerSweep: 10n ** 18n,
  steps: 1e12,
  dimension: 10_000,
  nodes: 10_000,
  /** Mappings and lists inside one another: far above any real spec, far below any stack. */
  nesting: 64,
  /** Values that aliases may add by repetition, against documents that grow exponentially. */
  aliasedValues: 100_000,
  /** Expressions that need one another; far above any real spec, far below any stack. */
  dependencies: 200,
  /** The exit of an outcome record is one byte. */
  exits: 250,
  /** Marks take 8 bytes each of every outcome. */
  marks: 250,
  classes: 1000,
  minima: 1000,
  drifts: 16,
  /** Sweeps up to this size are resolved cell by cell before any work; larger ones axis value by axis value. */
  checkedCells: 10_000,
} as const
