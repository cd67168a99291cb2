import type { Drift } from '@driftfarm/spec'

/**
 * 'nystrom': mass carried forward on quadrature nodes. 'nystrom-gth': elimination of the nodes. 'nystrom-aggregation':
 * elimination of groups of nodes. 'radial-*': a chain of the distance from a centre. 'finite-*': a chain on the
 * finitely many points that trials reach.
 */
export type Method =
  | 'nystrom'
  | 'nystrom-gth'
  | 'nystrom-aggregation'
  | 'radial-nystrom'
  | 'radial-gth'
  | 'finite'
  | 'finite-gth'

export interface ExactAnswer {
  /**
   * The name of the estimate, as in results. Answers without a horizon are named `firstExit`, `firstExit:NAME`,
   * `firstConverge`, `meanExitStep` or `rate`.
   */
  readonly name: string
  readonly value: number
  /**
   * The estimated relative error. If the value is 0, the error is absolute. The error of a quadrature covers omitted
   * mass, and the difference between two computations, which differ in resolution and in the size of their boxes. The
   * error of a finite sum covers rounding.
   */
  readonly error: number
  /** Why the error is not smaller, in one line. Present if the error is above 1e-6. */
  readonly reason?: string
  readonly method: Method
}

export interface FinitePoints {
  /** If the drift has several entries, `law` and `scale` of the chain belong to the first entry. */
  readonly form: Drift['form'] | 'none' | 'several'
  /**
   * The number of points found. These are all the points that trials can reach within the horizon, unless the search
   * stopped at its maximum number of states.
   */
  readonly points: number
  /**
   * The largest difference between the coordinates of two merged points, relative to the size of the coordinate; 0 if
   * all merged points were identical bit for bit.
   */
  readonly apart: number
}

export interface OracleAnswer {
  /** The chain that the answers describe. */
  readonly chain: {
    readonly dimension: number
    readonly law: string
    /** The beta of the momentum rule; null for plain descent. */
    readonly beta: number | null
    /** The step size and scale at n = 0. */
    readonly eta: number
    readonly scale: number
    /**
     * The temperature of slow motion (`stepTemperature`); null if it changes with the step or if the distribution has
     * no finite variance.
     */
    readonly temperature: number | null
    /** Present if trials reach finitely many points. */
    readonly finite?: FinitePoints
  }
  readonly answers: readonly ExactAnswer[]
  readonly missing: readonly { readonly name: string; readonly reason: string }[]
}

/** Returns the probability nearest to a number that rounding or a coarse mesh has moved out of [0, 1]. */
export function probability(value: number): number {
  return Math.min(1, Math.max(0, value))
}

/** Probabilities that are too small for a double are replaced by this value. */
export const tiny = 1e-300
