import type { AngleLaw, Factor } from './factor.ts'
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
  readonly isStandardNormal: boolean
  /**
   * True if each coordinate is -1 or 1, so that xi has finitely many values. Also true for the spherical form of this
   * distribution, in which xi has a fixed length. All other distributions have their mode at 0.
   */
  readonly isSign: boolean
  /** True for a spherical distribution of the whole vector, whose coordinates depend on each other. */
  readonly isJoint: boolean
  /** Whether E exp(t . xi) <= exp(|t|^2 / 2) for every t. */
  readonly isSubGaussian: boolean
  /** Refuses if there is no density, or none that can be computed. */
  scalar(): ScalarLaw
  /** For a certificate: how the density of one coordinate falls; null if bounds on it are not known. */
  readonly shape: DensityShape | null
  /**
   * The exponent a: the sum of the noise of n steps is n^(1/a) times as large as the noise of one step. For some
   * distributions, this holds only after a few steps. Null for distributions whose rare large values average out in the
   * sum of several smaller steps.
   */
  readonly sumExponent: number | null
  /** P(xi > x) for x > 0, for a coordinate whose tail falls like a power; null if the tail falls faster. */
  readonly powerTail: ((x: number) => number) | null
  /** The moments of A = mean + spread xi, spread > 0; null if the density has no closed form. */
  factor(mean: number, spread: number): Factor | null
  /** E |c + b xi|^alpha with an error of about 1e-12; null if no method is that accurate. */
  readonly moment: AbsoluteMoment | null
  /** The distribution of the angle sigma xi; null if the characteristic function is not elementary. */
  angle(sigma: number): AngleLaw | null
}

/** A density that falls with |xi|. */
export interface DensityShape {
  /** The slope of the density for xi > 0. */
  readonly slope: (z: number, density: number) => number
  /** The point xi >= 0 at which the density falls fastest. */
  readonly steepest: number
  /** The points at which the density jumps, ascending. */
  readonly edges: readonly number[]
  /** Longer steps have a negligible probability; Infinity for heavy tails. */
  readonly reach: number
  /** The distance beyond which the density and the tail are below the smallest doubles; Infinity for heavy tails. */
  readonly end: number
  /**
   * The relative error of the quadrature over a panel of length 0.25 if |xi| exceeds `from`. Up to `from`, the error is
   * negligible (`precision` in certificate/law.ts).
   */
  readonly far: { readonly from: number; readonly error: number }
}

const nowhere = { from: Number.POSITIVE_INFINITY, error: 0 } as const

/** The shape of a density that is negligible beyond `end`. */
export function shapeUpTo(end: number, shape: Pick<DensityShape, 'slope' | 'steepest' | 'reach'>): DensityShape {
  return { ...shape, edges: [], end, far: nowhere }
}

/** The shape of Student's t, which has heavy tails. */
export const studentShape = (nu: number): DensityShape =>
  shapeUpTo(Number.POSITIVE_INFINITY, {
    slope: (z, f) => (-(nu + 1) * z * f) / (nu + z * z),
    steepest: Math.sqrt(nu / (nu + 2)),
    reach: Number.POSITIVE_INFINITY,
  })

export interface AbsoluteMoment {
  /** E |c + b xi|^alpha for alpha > 0 and b > 0. */
  of(alpha: number, c: number, b: number): number
  /** The name of the method of computation, as shown in answers. */
  readonly text: string
}

export const usual = {
  largest: Number.POSITIVE_INFINITY,
  isNormal: false,
  isStandardNormal: false,
  isSign: false,
  isJoint: false,
  isSubGaussian: false,
  powerTail: null,
  shape: null,
  sumExponent: null,
  moment: null,
  angle: () => null,
} satisfies Partial<DriftLaw>
