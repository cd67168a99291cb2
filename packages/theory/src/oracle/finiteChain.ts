import type { RunMatrix } from './runMatrix.ts'

export interface Stage {
  readonly matrix: RunMatrix
  /**
   * For each question and each state: the probability that a trial in this state ends in this step with the event of
   * the question.
   */
  readonly absorbed: readonly Float64Array[]
  /** For each state: the probability that a trial ends in this step for any reason. */
  readonly ended: Float64Array
  /** For each state: the probability that a trial leaves the box in this step, so that its outcome is unknown. */
  readonly lost: Float64Array
}

/** The states are the quadrature nodes or lattice points at which a trial has not yet ended. */
export interface FiniteChain {
  /** The number of states at n = 1. Later steps may have more or fewer if their distribution depends on n. */
  readonly size: number
  /** The first step of a trial. `stage` cannot describe this step, because the start is not one of the states. */
  readonly first: {
    readonly mass: Float64Array
    readonly absorbed: readonly number[]
    readonly ended: number
    readonly lost: number
  }
  /** The step from theta_n, n >= 1. */
  stage(n: number): Stage
  readonly isStationary: boolean
  /**
   * For each question about the state at the horizon: 1 for each state in which the answer is yes, else 0. For a
   * question about an event: null.
   */
  readonly stands: readonly (Float64Array | null)[]
  /** The index of each state's group of neighbours; null if there are few enough states to do without groups. */
  readonly groups: Int32Array | null
}

export interface NodeChain extends FiniteChain {
  /** Returns the number of entries of the matrix for step n. In two dimensions, this number is an estimate. */
  entriesAt(n: number): number
  /** The number of entries of all matrices so far. */
  computed(): number
}
