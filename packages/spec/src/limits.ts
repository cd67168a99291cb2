/** The limits of the contract; exceeding one is an error that says which. */
export const limits = {
  bytes: 1_048_576,
  /** Mistakes that are told at once. */
  errors: 20,
  /** Of the shape of one point: each copies the mappings above it, so that 10^5 wrong keys would take hours. */
  shapeErrors: 40,
  /**
   * Whose places are looked up, each by a walk through the text: 10^5 would take minutes. The first in the order of the
   * document.
   */
  placedErrors: 400,
  cells: 1_000_000,
  /** Whose needs are ranked together, round by round. */
  budgetedCells: 10_000,
  trialsPerCell: 1e15,
  trialsPerSweep: 10n ** 18n,
  steps: 1e12,
  dimension: 10_000,
  /** Weights and biases of a network; formulas and populations keep to `dimension`. */
  networkDimension: 100_000,
  /** Hessians and covariances are decomposed, which takes d^3. */
  shapeDimension: 256,
  fileBytes: 67_108_864,
  /** Numbers of one data set. */
  dataValues: 10_000_000,
  labels: 1000,
  /** Each is stored and shown; the leader makes them in some minutes at the worst. */
  contrastPairs: 100_000,
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
  /** Of a custom rule. */
  states: 16,
  /** Sweeps up to this size are resolved cell by cell before any work; larger ones axis value by axis value. */
  checkedCells: 10_000,
  /** Cells that are still looked at in a sweep with mistakes, since the last new one. */
  pointsWithoutNews: 1000,
  /** Values of an axis with which the rest is read where a shape is wrong. */
  repairedValues: 100,
} as const
