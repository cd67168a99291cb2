import type { Refusal } from '../chain.ts'
import type { AngleLaw } from './angle.ts'
import type { Factor } from './factor.ts'
import type { ScalarLaw } from './scalarLaw.ts'
import type { SmoothMean } from './smoothMean.ts'

/**
 * What mathematics knows of a law of xi. Every one is symmetric. What is said of one coordinate is said of dimension
 * one where the law is one of the whole vector.
 */
export interface DriftLaw {
  /** Of one coordinate, whether the law is spherical or not; null where it is infinite or there is none. */
  readonly variance: number | null
  /** The largest |xi| of one coordinate; Infinity without a bound. */
  readonly largest: number
  /** Whether it is a normal law, of whatever variance. */
  readonly isNormal: boolean
  /**
   * Whether one coordinate is -1 or 1 and nothing else: a step goes finitely many ways, and a spherical vector has one
   * length. All others have their mode at 0.
   */
  readonly isSign: boolean
  /** Whether it is a law of the whole vector, which is spherical and whose coordinates depend on each other. */
  readonly isJoint: boolean
  /** Whether E exp(t . xi) <= exp(|t|^2 / 2). */
  readonly isSubGaussian: boolean
  /** Density and tail of one coordinate as quadrature needs them; or why it has none here. */
  scalar(): ScalarLaw | Refusal
  /** P(xi > x), x > 0, of a coordinate whose tail falls like a power; null for one whose tail falls faster. */
  readonly powerTail: ((x: number) => number) | null
  /** A = mean + spread xi, spread > 0: its log-moment and its moments. null where the density has no closed form. */
  factor(mean: number, spread: number): Factor | null
  /** E |c + b xi|^alpha, to some 1e-12; null where it is not known so well. */
  readonly moment: AbsoluteMoment | null
  /** E f(xi) for smooth f; null where it is not computed. */
  readonly mean: SmoothMean | null
  /** The angle sigma xi on a circle; null for a law whose characteristic function is not elementary. */
  angle(sigma: number): AngleLaw | null
}

export interface AbsoluteMoment {
  /** E |c + b xi|^alpha, alpha > 0, b > 0. */
  of(alpha: number, c: number, b: number): number
  /** How it is found. */
  readonly text: string
}

/** What is so of most laws. */
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
