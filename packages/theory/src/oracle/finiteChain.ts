import type { RunMatrix } from './runMatrix.ts'

/** The effect of one step on the mass of each state. */
export interface Stage {
  readonly matrix: RunMatrix
  /** For each question, the share of a state's mass that ends in this step with the event of the question. */
  readonly absorbed: readonly Float64Array[]
  /** The share of a state's mass that ends in this step for any reason. */
  readonly ended: Float64Array
  /** The share of a state's mass that leaves the box, so that its outcome is unknown. */
  readonly lost: Float64Array
}

/**
 * A chain with finitely many states. The states are the quadrature nodes or lattice points at which a trial has not yet
 * ended.
 */
export interface FiniteChain {
  /** The number of states at n = 1. It may change with n if the distribution of the step does. */
  readonly size: number
  /**
   * The mass of each state and the probability of each ending, after the step from the start. The start is not a node.
   */
  readonly first: {
    readonly mass: Float64Array
    readonly absorbed: readonly number[]
    readonly ended: number
    readonly lost: number
  }
  /** The step from theta_n, n >= 1. */
  stage(n: number): Stage
  /** Whether all stages are the same. */
  readonly isStationary: boolean
  /**
   * By question. For a question about the state at the horizon: 1 for each state in which the answer is yes, else 0.
   * For a question about an event: null.
   */
  readonly stands: readonly (Float64Array | null)[]
  /** The index of the group of neighbours of each state; null if there are so few states that groups are not needed. */
  readonly groups: Int32Array | null
}

/** A chain on quadrature nodes that computes its matrices on request. */
export interface NodeChain extends FiniteChain {
  /** The approximate number of entries in the matrix of a step. */
  entriesAt(n: number): number
  /** The number of entries in all matrices computed so far. */
  computed(): number
}
