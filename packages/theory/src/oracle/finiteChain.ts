import type { RunMatrix } from './runMatrix.ts'

/** What one step does to the mass of each state. */
export interface Stage {
  readonly matrix: RunMatrix
  /** For each question: the share of a state's mass that ends with its event. */
  readonly absorbed: readonly Float64Array[]
  /** The share of a state's mass that ends in any way. */
  readonly ended: Float64Array
  /** The share of a state's mass that leaves the box, so that its fate is unknown. */
  readonly lost: Float64Array
}

/** A chain on quadrature nodes whose trials end; its states are the nodes at which trials continue. */
export interface FiniteChain {
  /** The number of states at n = 1. Where steps differ, later n may have another number of states. */
  readonly size: number
  /** After the step from the start, which is not a node: the mass of each state, and what ended. */
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
  /** For each question: whether it holds in a state at the horizon; null where the question is about an event. */
  readonly stands: readonly (Float64Array | null)[]
  /** The number of each state's group of neighbours; null where the states are few enough to need no groups. */
  readonly groups: Int32Array | null
}

/** A chain of nodes, whose matrices are computed when they are requested. */
export interface NodeChain extends FiniteChain {
  /** About how many entries the matrix of a step has. */
  entriesAt(n: number): number
  /** The number of entries of all matrices so far. */
  computed(): number
}
