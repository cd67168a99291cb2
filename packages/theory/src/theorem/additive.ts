import type { BallStart, Contraction, LawTerms } from '../ball/contraction.ts'
import { doobBound, exponentialBound } from '../ball/exponential.ts'
import { productBound } from '../ball/product.ts'
import { tiny } from '../question/answer.ts'
import { radialSurvival } from '../radial/survival.ts'
import type { AdditiveBounds } from '../shapes/index.ts'

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
  const upper = contracts && known ? radialSurvival(contraction, within) : null
  const low = bounded && known ? radialSurvival(lower, within) : null
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
