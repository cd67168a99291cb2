import type { AdditiveChain } from '../chain.ts'
import { driftLaw } from '../drift.ts'
import type { Curvature } from '../shapes/index.ts'

/** The steps of the bounding chain for n = 0, 1, .. */
export interface Contraction {
  readonly dimension: number
  /** rho_n >= 0, with |theta - eta_n grad L(theta) - theta*| <= rho_n |theta - theta*| in the ball. */
  rho(n: number): number
  /** The standard deviation s_n of the step in each coordinate. */
  scale(n: number): number
  readonly stationary: boolean
}

/** The radius of the ball, the distance D_0 < radius of the start from its center, and the number of steps N. */
export interface BallStart {
  readonly radius: number
  readonly start: number
  readonly steps: number
}

/** The largest number of different steps over which bounds are summed. */
export const maxSteps = 1_000_000

/** The largest rho_n of all steps, or of the first million steps if a schedule has more. */
export function largestRho({ rho, stationary }: Contraction, steps: number): number {
  let largest = 0
  const count = stationary ? 1 : Math.min(steps, maxSteps)
  for (let n = 0; n < count; n++) largest = Math.max(largest, rho(n))
  return largest
}

/**
 * The upper contraction rho_n = max(1 - eta_n mu, eta_n Lambda - 1), where mu and Lambda bound the mean curvature
 * along straight lines to the minimum.
 */
export function contractionOf(chain: AdditiveChain, { meanMu, meanLambda }: Curvature, dimension: number): Contraction {
  return made(chain, dimension, (eta) =>
    eta === 0 ? 1 : roundedUp(Math.max(1 - eta * meanMu, eta * meanLambda - 1, 0)),
  )
}

/** The lower contraction (1 - eta_n Lambda)_+. No step contracts more strongly. */
export function lowerContraction(chain: AdditiveChain, { meanLambda }: Curvature, dimension: number): Contraction {
  return made(chain, dimension, (eta) => (eta < 0 ? 0 : Math.min(1, Math.max(0, 1 - eta * meanLambda))))
}

/** Contraction factors below 1 are rounded up. */
const roundedUp = (rho: number): number => (rho < 1 ? Math.min(1, rho * (1 + Number.EPSILON)) : rho)

function made(chain: AdditiveChain, dimension: number, rhoOf: (eta: number) => number): Contraction {
  return {
    dimension,
    rho: (n) => rhoOf(chain.eta(n)),
    // The distributions are symmetric, so the sign of a scale does not matter.
    scale: (n) => Math.abs(chain.scale(n)),
    stationary: chain.stationary,
  }
}

export type LawTerms = ReturnType<typeof lawTerms>

export function lawTerms({ law, isotropic }: AdditiveChain, dimension: number) {
  const { kind } = law
  const { isStandardNormal: gaussian, variance, isSubGaussian, isSign, isJoint } = driftLaw(law)
  const terms = (holds: boolean, text: string) => ({
    /** Whether the distribution of R_n (see `productBound`) has a closed form, which is true only for Gaussian xi. */
    gaussian,
    /** Whether E exp(t . xi) <= exp(|t|^2 / 2), which the exponential bound needs. */
    subGaussian: isSubGaussian,
    /** Whether each coordinate of xi has mean 0 and variance 1, which Doob's bound needs. */
    unitVariance: variance === 1,
    /** Whether |m + s xi| grows stochastically with |m|, which the coupling needs. */
    holds,
    text,
  })
  if (gaussian) return terms(true, 'Gaussian drift of mean zero, independent of the past')
  const isSpherical = isJoint || isotropic
  const closer = 'a step that starts closer to the minimum may be more likely to leave the ball'
  if (isSign && (dimension === 1 || isSpherical)) return terms(false, `${kind} drift is not unimodal: ${closer}`)
  if (dimension > 1 && !isSpherical)
    return terms(false, `drift with independent ${kind} coordinates is not spherical: ${closer}`)
  return terms(
    true,
    `${dimension === 1 ? 'symmetric' : 'spherical'} unimodal ${kind} drift: (i) and (ii) hold with R driven ` +
      'by this distribution; s_N and S_N are computed only for Gaussian drift',
  )
}
