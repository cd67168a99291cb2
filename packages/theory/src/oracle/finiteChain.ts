import type { RunMatrix } from './runMatrix.ts'

/** What one step does to the mass of each state. */
export interface Stage {
  readonly matrix: RunMatrix
  /** By question: the part of a state's mass that ends with its event. */
  readonly absorbed: readonly Float64Array[]
  /** The part that ends at all. */
  readonly ended: Float64Array
  /** The part that leaves the box, its fate unknown. */
  readonly lost: Float64Array
}

/** A chain on the nodes of quadrature whose trials end: its states are those in which they go on. */
export interface FiniteChain {
  /** States at n = 1; at later n where not all steps are the same there may be others. */
  readonly size: number
  /** After the step from the start, which is no node: the mass of each state, and what ended. */
  readonly first: {
    readonly mass: Float64Array
    readonly absorbed: readonly number[]
    readonly ended: number
    readonly lost: number
  }
  /** Step n >= 1. */
  stage(n: number): Stage
  /** Whether all stages are the same. */
  readonly isStationary: boolean
  /** By question: whether it is so in a state at the horizon; null where it is an event. */
  readonly stands: readonly (Float64Array | null)[]
  /** Number of a state's group of neighbours; null where states are so few that none are needed. */
  readonly groups: Int32Array | null
}
