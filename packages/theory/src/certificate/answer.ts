import type { Explicit } from './explicit.ts'

/** Theorem 2 for a cell: a proven upper bound of the probability that a trial escapes within the horizon. */
export interface Certificate {
  readonly escape: number
  /**
   * The function W of the bound. solution: the chain's own solution, made an upper bound. exponential: the closed form.
   * ball: none, the product s_N of Theorem 1 is better.
   */
  readonly by: 'solution' | 'exponential' | 'ball'
  /** The coordinates (from 0) of the chain that escapes; all of them, or those of one block of a separable loss. */
  readonly among: readonly number[]
  /** The number of nodes on which W is given, and their distance in scales of a step. 0 where there is no W. */
  readonly nodes: number
  readonly spacing: number
  /** The number of steps that were followed one by one. */
  readonly followed: number
  /**
   * The condition's number, the supremum over the set of (P W - W) / (T - W), P W the expectation of W after one step
   * and T its largest value: what a further step adds at most, as a share of what is left. 0 where all steps were
   * followed.
   */
  readonly growth: number
  /** The best certificate in closed form; null where eta or the drift changes with the step, or it says nothing. */
  readonly explicit: Explicit | null
}
