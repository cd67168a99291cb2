/** The limits that users can rely on. Exceeding one is an error that names the limit. */
export const limits = {
  bytes: 1_048_576,
  /** Mistakes that are reported together. */
  errors: 20,
  /** Mistakes in the shape of one point. Each copies the mappings above it, so 10^5 wrong keys would take hours. */
  shapeErrors: 40,
  /**
   * Mistakes whose places are looked up, the first ones of the document. Each look-up walks through the text, so 10^5
   * would take minutes.
   */
  placedErrors: 400,
  cells: 1_000_000,
  /** Points times axes of a design. */
  designValues: 10_000_000,
  /** Cells that may share a budget: their needs are ranked against one another, round by round. */
  budgetedCells: 10_000,
  /**
   * Points of the grid of a threshold, over all cells of the other axes. Each round of the search reads all of them.
   */
  searchedCells: 100_000,
  trialsPerCell: 1e15,
  trialsPerSweep: 10n ** 18n,
  steps: 1e12,
  dimension: 10_000,
  /** Weights and biases of a network. Formulas and population landscapes are limited by `dimension`. */
  networkDimension: 100_000,
  /** Dimension up to which Hessians and covariances can shape the drift: their decomposition takes d^3 operations. */
  shapeDimension: 256,
  fileBytes: 67_108_864,
  /** Numbers in one data set. */
  dataValues: 10_000_000,
  /** Words of a column, and characters of the name of an input, `colour=red`: every cell holds these names. */
  labels: 1000,
  inputName: 256,
  /**
   * Pairs of cells that the contrasts of a sweep compare. Each is stored and shown; computing them takes the leader
   * a few minutes at worst.
   */
  contrastPairs: 100_000,
  nodes: 10_000,
  /** Keys of one mapping, as many as an expression has nodes. Each mistake in a mapping copies it. */
  keys: 10_000,
  /** Depth of nested mappings and lists: far above any real spec, far below what would exhaust the stack. */
  nesting: 64,
  /** Values that the expansion of aliases may add: the guard against documents that grow exponentially. */
  aliasedValues: 100_000,
  /**
   * Length of a chain of expressions that refer to one another: far above any real spec, far below what would exhaust
   * the stack.
   */
  dependencies: 200,
  /** An outcome record stores the exit in one byte. */
  exits: 250,
  /** Each mark takes 8 bytes of every outcome record. */
  marks: 250,
  classes: 1000,
  minima: 1000,
  drifts: 16,
  /** States of a custom rule. */
  states: 16,
  /**
   * Sweeps of up to this many cells are checked cell by cell before any work. Larger sweeps are checked axis value by
   * axis value.
   */
  checkedCells: 10_000,
  /**
   * In a sweep with mistakes: the number of further cells that are checked without finding a new mistake before the
   * search ends.
   */
  pointsWithoutNews: 1000,
  /** Where a shape is wrong: the number of values of each axis for which the rest of the document is checked. */
  repairedValues: 100,
} as const
