import type { AdditiveChain } from '../chain.ts'
import { driftLaw } from '../drift.ts'

export interface LawTerms {
  /** Whether |m + s xi| grows stochastically with |m|, which the coupling needs. */
  readonly holds: boolean
  /** Whether the distribution of R_n (see `ProductBound`) has a closed form, which is true only for Gaussian xi. */
  readonly gaussian: boolean
  /** Whether E exp(t . xi) <= exp(|t|^2 / 2), which the exponential bound needs. */
  readonly subGaussian: boolean
  /** Whether each coordinate of xi has mean 0 and variance 1, which Doob's bound needs. */
  readonly unitVariance: boolean
  readonly text: string
}

export function lawTerms({ law, isotropic }: AdditiveChain, dimension: number): LawTerms {
  const { kind } = law
  const gaussian = kind === 'gaussian'
  const { variance, isSubGaussian, isSign, isJoint } = driftLaw(law)
  const terms = { gaussian, subGaussian: isSubGaussian, unitVariance: variance === 1 }
  if (gaussian) return { ...terms, holds: true, text: 'Gaussian drift of mean zero, independent of the past' }
  const isSpherical = isJoint || isotropic
  if (isSign && (dimension === 1 || isSpherical))
    return {
      ...terms,
      holds: false,
      text:
        `${kind} drift is not unimodal: a step that starts closer to the minimum may be more likely to leave the ` +
        'ball',
    }
  if (dimension > 1 && !isSpherical)
    return {
      ...terms,
      holds: false,
      text:
        `drift with independent ${kind} coordinates is not spherical: a step that starts closer to the minimum may ` +
        'be more likely to leave the ball',
    }
  return {
    ...terms,
    holds: true,
    text:
      `${dimension === 1 ? 'symmetric' : 'spherical'} unimodal ${kind} drift: (i) and (ii) hold with R driven ` +
      'by this distribution; s_N and S_N are computed only for Gaussian drift',
  }
}
