import type { Drift } from '@driftfarm/spec'

/**
 * nystrom: mass carried forward on nodes of quadrature; gth: elimination of the nodes; aggregation: of groups of them;
 * radial: of the distance from a centre; finite: of the finitely many points that trials come to.
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
   * As in results; besides, without a horizon: `firstExit`, `firstExit:NAME`, `firstConverge`, `meanExitStep`, `rate`.
   */
  readonly name: string
  readonly value: number
  /**
   * Relative disagreement of two resolutions and boxes, or of a finite sum its rounding; absolute where the value is 0.
   */
  readonly error: number
  readonly method: Method
}

export interface FinitePoints {
  /** Of the drift; `law` and `scale` are then those of its first entry. */
  readonly form: Drift['form'] | 'none' | 'several'
  /** How many were found: all within the horizon, unless those are too many. */
  readonly points: number
  /** The largest distance, over their size, of two that were taken for one; 0 where such were the same bit for bit. */
  readonly apart: number
}

export interface OracleAnswer {
  /** The chain that was followed. */
  readonly chain: {
    readonly dimension: number
    readonly law: string
    /** Of the momentum rule, null for plain descent. */
    readonly beta: number | null
    /** Step size and scale at n = 0. */
    readonly eta: number
    readonly scale: number
    /** s^2 / (2 eta) if it is the same at every step, else null. */
    readonly temperature: number | null
    /** Where trials come to finitely many points. */
    readonly finite?: FinitePoints
  }
  readonly answers: readonly ExactAnswer[]
  readonly missing: readonly { readonly name: string; readonly reason: string }[]
}
