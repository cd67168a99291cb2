import type { Explicit } from './explicit.ts'

/**
 * The result of Theorem 2 for a cell: a proven upper bound on the probability that a trial escapes within the horizon.
 */
export interface Certificate {
  readonly escape: number
  /**
   * The function W behind the bound. 'solution': the chain's own solution, rounded up to a bound. 'exponential': the
   * closed form. 'ball': no W, because the product s_N of Theorem 1 gives the better bound.
   */
  readonly by: 'solution' | 'exponential' | 'ball'
  /**
   * The coordinates (from 0) whose chain the bound describes: all of them, or those of one block of a separable loss.
   */
  readonly among: readonly number[]
  /** The number of nodes of W, and their distance in step scales; both 0 if there is no W. */
  readonly nodes: number
  readonly spacing: number
  /** The number of steps that were followed one by one. */
  readonly followed: number
  /**
   * The supremum over the set of (P W - W) / (T - W), where P W is the expectation of W after one step and T is the
   * largest value of W. It is what a further step adds at most, as a share of what is left. It is 0 if all steps were
   * followed.
   */
  readonly growth: number
  /**
   * The best certificate in closed form; null if eta or the drift changes with the step, or if the bound is not below
   * 1.
   */
  readonly explicit: Explicit | null
}
