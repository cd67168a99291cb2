import type { Explicit } from './explicit.ts'

/**
 * The result of Theorem 2 for a cell: a proven upper bound on the probability that a trial escapes within the horizon.
 */
export interface Certificate {
  readonly escape: number
  /**
   * The function W that gives the bound. 'solution': W is computed from the chain step by step, and rounded up to a
   * bound. 'exponential': W has a closed form. 'ball': there is no W, because the product s_N of Theorem 1 gives the
   * better bound.
   */
  readonly by: 'solution' | 'exponential' | 'ball'
  /**
   * The indices (from 0) of the coordinates whose chain the bound describes: all coordinates or, if the loss is
   * separable, those of the blocks that decide the escape.
   */
  readonly among: readonly number[]
  /** The number of nodes of W; 0 if there is no W. */
  readonly nodes: number
  /** The distance between the nodes of W, in units of the step scale; 0 if there is no W. */
  readonly spacing: number
  /** The number of steps whose effect on W was computed one by one. `growth` bounds the effect of the other steps. */
  readonly followed: number
  /**
   * The supremum of (P W - W) / (T - W) over the set where trials continue. Here P W is the expectation of W after one
   * step, and T is a number that no value of W exceeds. Each further step adds at most this share of T - W to W. The
   * value is 0 if no further steps remain.
   */
  readonly growth: number
  /**
   * The best certificate in closed form; null if eta or the drift changes with the step, or if the bound is not below
   * 1.
   */
  readonly explicit: Explicit | null
}
