import type { NotApplicable } from '../chain.ts'
import type { AngleLaw } from './angle.ts'
import type { Factor } from './factor.ts'
import type { ScalarLaw } from './scalarLaw.ts'
import type { SmoothMean } from './smoothMean.ts'

/**
 * Mathematical properties of a law of xi. All laws are symmetric. For a law of the whole vector, the properties of
 * one coordinate are those in dimension one.
 */
export interface DriftLaw {
  /** The variance of one coordinate, whether the law is spherical or not; null where it is infinite or undefined. */
  readonly variance: number | null
  /** The largest |xi| of one coordinate; Infinity where there is no bound. */
  readonly largest: number
  /** Whether it is a normal law, of any variance. */
  readonly isNormal: boolean
  /**
   * Whether a coordinate is always -1 or 1: a step then has finitely many outcomes, and a spherical vector has one
   * length. All other laws have their mode at 0.
   */
  readonly isSign: boolean
  /** Whether it is a law of the whole vector: spherical, with coordinates that depend on each other. */
  readonly isJoint: boolean
  /** Whether E exp(t . xi) <= exp(|t|^2 / 2). */
  readonly isSubGaussian: boolean
  /** The density and the tail of one coordinate, for quadrature; or why there are none. */
  scalar(): ScalarLaw | NotApplicable
  /** P(xi > x) for x > 0 of a coordinate whose tail falls like a power; null where the tail falls faster. */
  readonly powerTail: ((x: number) => number) | null
  /** The moments and the log-moment of A = mean + spread xi, spread > 0. null where the density has no closed form. */
  factor(mean: number, spread: number): Factor | null
  /** E |c + b xi|^alpha, with an error of about 1e-12; null where it is not known that well. */
  readonly moment: AbsoluteMoment | null
  /** E f(xi) for a smooth f; null where it is not computed. */
  readonly mean: SmoothMean | null
  /** The law of the angle sigma xi on the circle; null where the characteristic function is not elementary. */
  angle(sigma: number): AngleLaw | null
}

export interface AbsoluteMoment {
  /** E |c + b xi|^alpha for alpha > 0 and b > 0. */
  of(alpha: number, c: number, b: number): number
  /** The method of computation, as answers name it. */
  readonly text: string
}

/** The properties that most laws have. */
export const usual = {
  largest: Number.POSITIVE_INFINITY,
  isNormal: false,
  isSign: false,
  isJoint: false,
  isSubGaussian: false,
  powerTail: null,
  moment: null,
  mean: null,
  angle: () => null,
} satisfies Partial<DriftLaw>
