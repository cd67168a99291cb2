/** The limits that users can rely on. The error for an exceeded limit names the limit. */
export const limits = {
  bytes: 1_048_576,
  /** Largest number of mistakes that are reported together. */
  errors: 20,
  /**
   * Largest number of mistakes that are collected when the shape of one grid point is checked. For each mistake, all
   * mappings that contain the wrong value are copied, to put a `Broken` marker in place of this value. With 10^5
   * mistakes, the copies would take hours.
   */
  shapeErrors: 40,
  /**
   * Largest number of mistakes whose places are looked up. Each look-up walks through the document, so 10^5 of them
   * would take minutes.
   */
  placedErrors: 400,
  cells: 1_000_000,
  /** Largest product of the number of points and the number of axes of a design. */
  designValues: 10_000_000,
  /**
   * Largest number of cells that share a budget. The budget is divided in rounds, and each round ranks all these cells.
   */
  budgetedCells: 10_000,
  /**
   * Largest number of grid points of a sweep that searches for a threshold. Each round of the search reads all these
   * points.
   */
  searchedCells: 100_000,
  trialsPerCell: 1e15,
  trialsPerSweep: 10n ** 18n,
  steps: 1e12,
  dimension: 10_000,
  /**
   * Largest number of weights and biases of a network with layers. For formulas and population networks, the limit is
   * `dimension`.
   */
  networkDimension: 100_000,
  /** Dimension up to which Hessians and covariances can shape the drift: their decomposition takes d^3 operations. */
  shapeDimension: 256,
  /** Largest size of a file, as it is stored and when it is unpacked. */
  fileBytes: 1_073_741_824,
  dataValues: 100_000_000,
  /** Largest number of columns of a file, including those that a spec does not use. Each takes memory. */
  columns: 1_000_000,
  /** Smallest number of values of a table that is kept as bytes if possible. Smaller tables are faster as doubles. */
  byteTable: 1_048_576,
  /**
   * Largest number of different words in a column. Every cell contains one input name for each word, such as
   * `colour=red`. Therefore `inputName` limits the length of these names too.
   */
  labels: 1000,
  inputName: 256,
  /**
   * Largest number of pairs of cells that the contrasts of a sweep compare. Each pair is stored and shown. Computing
   * all pairs takes the leading coordinator a few minutes at most.
   */
  contrastPairs: 100_000,
  nodes: 10_000,
  /**
   * Largest number of keys of one mapping. The limit keeps copies of mappings small: for each mistake, the whole
   * mapping is copied, to put a `Broken` marker in place of the wrong value.
   */
  keys: 10_000,
  /**
   * Depth of nested mappings and lists. Real specs are far from this limit, and the stack is exhausted only far above
   * it.
   */
  nesting: 64,
  /**
   * Largest number of values that the expansion of aliases adds. The limit stops documents whose aliases grow
   * exponentially.
   */
  aliasedValues: 100_000,
  /**
   * Largest length of a chain of expressions in which each expression uses the next one. Real specs are far from
   * this limit, and the stack is exhausted only far above it.
   */
  dependencies: 200,
  /** Largest number of exits of a trial. An outcome record stores the exit in one byte. */
  exits: 250,
  /** Largest number of marks of a trial. Each mark takes 8 bytes of every outcome record. */
  marks: 250,
  classes: 1000,
  minima: 1000,
  drifts: 16,
  observations: 16,
  /** Every batch stores sums for each observed value, and for each point of a series. */
  seriesPoints: 200,
  observedValues: 1000,
  /** Largest number of states of a custom rule. */
  states: 16,
  /**
   * Sweeps of up to this number of cells are checked cell by cell before any work. In larger sweeps, only the values of
   * each axis are checked.
   */
  checkedCells: 10_000,
  /** In a sweep with mistakes, checking ends after this number of cells in a row without a new mistake. */
  pointsWithoutNews: 1000,
} as const
