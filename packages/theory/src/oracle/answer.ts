import type { Drift } from '@driftfarm/spec'

/**
 * nystrom: mass carried forward on quadrature nodes. nystrom-gth: elimination of the nodes. nystrom-aggregation:
 * elimination of groups of nodes. radial-*: a chain of the distance from a centre. finite-*: a chain on the finitely
 * many points that trials reach.
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
   * A name as in results, and for answers without a horizon `firstExit`, `firstExit:NAME`, `firstConverge`,
   * `meanExitStep` or `rate`.
   */
  readonly name: string
  readonly value: number
  /**
   * The relative disagreement of two resolutions and boxes, or the rounding error of a finite sum; absolute where the
   * value is 0.
   */
  readonly error: number
  /** Why the error is not smaller, in one line; present where it is above 1e-6. */
  readonly reason?: string
  readonly method: Method
}

export interface FinitePoints {
  /** The form of the drift. With several entries, `law` and `scale` are those of the first. */
  readonly form: Drift['form'] | 'none' | 'several'
  /** The number of points found: all those within the horizon, unless there are too many. */
  readonly points: number
  /**
   * The largest distance, relative to their size, between two points that were merged; 0 where such points had
   * the same bits.
   */
  readonly apart: number
}

export interface OracleAnswer {
  /** The chain that the answers are about. */
  readonly chain: {
    readonly dimension: number
    readonly law: string
    /** The beta of the momentum rule; null for plain descent. */
    readonly beta: number | null
    /** Step size and scale at n = 0. */
    readonly eta: number
    readonly scale: number
    /** Of slow motion (`stepTemperature`); null where it changes with the step, and for a law without variance. */
    readonly temperature: number | null
    /** Present where trials reach finitely many points. */
    readonly finite?: FinitePoints
  }
  readonly answers: readonly ExactAnswer[]
  readonly missing: readonly { readonly name: string; readonly reason: string }[]
}
