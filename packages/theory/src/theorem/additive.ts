import type { AdditiveChain } from '../chain.ts'
import { tiny } from '../question/answer.ts'
import { radialSurvival } from '../radial/survival.ts'
import type { AdditiveBounds } from './answer.ts'
import type { Curvature } from './curvature.ts'
import { doobBound } from './doob.ts'
import { exponentialBound } from './exponential.ts'
import type { LawTerms } from './law.ts'
import { productBound } from './product.ts'
import type { BallStart, Contraction } from './steps.ts'

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
  // The distributions are symmetric, so the sign of a scale does not matter.
  const scaleAt = (n: number) => Math.abs(chain.scale(n))
  if (!chain.stationary) return { dimension, rho: (n) => rhoOf(chain.eta(n)), scale: scaleAt, stationary: false }
  const rho = rhoOf(chain.eta(0))
  const scale = scaleAt(0)
  return { dimension, rho: () => rho, scale: () => scale, stationary: true }
}

interface Chains {
  readonly contraction: Contraction
  readonly lower: Contraction
  readonly terms: LawTerms
}

/**
 * `contracts` says that conditions 1 and 2 of Theorem 1 hold. `bounded` says that the curvature has an upper bound.
 * `bounded` suffices for the lower bound on the probability that a trial leaves the ball.
 */
export function additiveBounds(
  { contraction, lower, terms }: Chains,
  within: BallStart,
  { contracts, bounded }: { contracts: boolean; bounded: boolean },
): Omit<AdditiveBounds, 'certificate'> {
  const isSilent = contraction.stationary && contraction.scale(0) === 0
  const known = terms.gaussian || isSilent
  const found = contracts && known ? productBound(contraction, within) : null
  // In `found`, a tail probability below the smallest double counts as 0. An upper bound on the sum of such tails is
  // therefore added.
  const more = isSilent ? 0 : within.steps * tiny
  const above = (value: number) => Math.min(1, value + more)
  const product = found === null ? null : { ...found, escape: above(found.escape), union: above(found.union) }
  const upper = contracts && known ? survival(contraction, within) : null
  const low = bounded && known ? survival(lower, within) : null
  const missing = [upper, low].flatMap((end) => (end !== null && 'reason' in end ? [end.reason] : []))
  const value = (end: typeof upper) => (end === null || 'reason' in end ? null : end.exit)
  const error = (end: typeof upper) => (end === null || 'reason' in end ? 0 : end.error)
  return {
    stay: product?.stay ?? null,
    escape: product?.escape ?? null,
    upper: upper === null || 'reason' in upper ? null : above(upper.exit),
    lower: value(low),
    error: Math.max(error(upper), error(low)),
    missing: missing[0] ?? null,
    union: product?.union ?? null,
    exponential: contracts && terms.subGaussian ? exponentialBound(contraction, within) : null,
    doob: contracts && terms.unitVariance ? doobBound(contraction, within) : null,
  }
}

function survival({ dimension, rho, scale, stationary }: Contraction, within: BallStart) {
  return radialSurvival({
    dimension,
    rho: stationary ? rho(0) : rho,
    scale: stationary ? scale(0) : scale,
    ...within,
  })
}
