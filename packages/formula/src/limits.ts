/** The limits of an expression. They make hostile input fail quickly. */
export const limits = {
  /** Largest number of nodes of a parsed or an expanded expression. This limit is documented for users. */
  nodes: 10_000,
  /**
   * Largest depth of nested parentheses, calls, signs and powers. The parser recurses and takes about 1 kB of stack per
   * level.
   */
  nesting: 256,
  /** Largest number of terms of one sum or prod with literal bounds: a hundred times the largest dimension. */
  terms: 1_000_000,
  /**
   * Largest number of operations of one evaluation. The body of a sum with literal bounds counts once per term, also in
   * nested sums. At this limit, an evaluation takes about a tenth of a second.
   */
  operations: 100_000_000,
  /**
   * Largest number of nodes of a derivative or of a simplified expression, counted as a tree: a part that occurs twice
   * counts twice. The derivative of a product of n factors has about n^2 nodes.
   */
  derivedNodes: 1_000_000,
  /**
   * Largest number of parts that may arise while the derivatives of one expression are simplified. At this limit,
   * simplifying takes about a second.
   */
  simplifiedParts: 400_000,
} as const
