import type { NotApplicable } from '../chain.ts'
import type { AngleLaw, Factor } from './factor.ts'
import type { SmoothMean } from './quadrature.ts'
import type { ScalarLaw } from './scalarLaw.ts'

/**
 * All distributions of xi are symmetric. Some are distributions of the whole vector (`isJoint`). For them, the
 * properties of a coordinate are those of xi in one dimension.
 */
export interface DriftLaw {
  /** The variance of one coordinate, also for a spherical distribution; null if it is infinite or undefined. */
  readonly variance: number | null
  /** The largest |xi| of one coordinate; Infinity if there is no bound. */
  readonly largest: number
  /** True for a normal distribution of any variance. */
  readonly isNormal: boolean
  /**
   * True if each coordinate is -1 or 1, so that xi has finitely many values. Also true for the spherical form of this
   * distribution, in which xi has a fixed length. All other distributions have their mode at 0.
   */
  readonly isSign: boolean
  /** True for a spherical distribution of the whole vector, whose coordinates depend on each other. */
  readonly isJoint: boolean
  /** Whether E exp(t . xi) <= exp(|t|^2 / 2) for every t. */
  readonly isSubGaussian: boolean
  scalar(): ScalarLaw | NotApplicable
  /** P(xi > x) for x > 0, for a coordinate whose tail falls like a power; null if the tail falls faster. */
  readonly powerTail: ((x: number) => number) | null
  /** The moments of A = mean + spread xi, spread > 0; null if the density has no closed form. */
  factor(mean: number, spread: number): Factor | null
  /** E |c + b xi|^alpha with an error of about 1e-12; null if no method is that accurate. */
  readonly moment: AbsoluteMoment | null
  /** Computes E f(xi); null if this is not possible for this distribution. */
  readonly mean: SmoothMean | null
  /** The distribution of the angle sigma xi; null if the characteristic function is not elementary. */
  angle(sigma: number): AngleLaw | null
}

export interface AbsoluteMoment {
  /** E |c + b xi|^alpha for alpha > 0 and b > 0. */
  of(alpha: number, c: number, b: number): number
  /** The name of the method of computation, as shown in answers. */
  readonly text: string
}

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
