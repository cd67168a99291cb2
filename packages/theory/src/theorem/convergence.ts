import { nullIf } from '@driftfarm/formula'
import { contractionOf, largestRho } from '../ball/contraction.ts'
import { certifiedCurvature } from '../ball/curvature.ts'
import { type Decay, decayOf, foreverBound, Path } from '../ball/forever.ts'
import { type CertificateQuestion, wellCertificate } from '../certificate/certificate.ts'
import { driftLaw } from '../drift.ts'
import type { Ball } from '../interval/box.ts'
import type { Interval } from '../interval/interval.ts'
import { Refusal, refuse } from '../refusal.ts'
import { remembered } from '../remembered.ts'
import type { Convergence } from '../shapes/index.ts'

/**
 * Each distance needs an infinite product. To limit the number of products, the distance of a trial at the horizon is
 * rounded up to one of this many levels.
 */
const levels = 24

/**
 * The radii to try, as shares of the given radius. The given ball was chosen for other reasons, such as its bound on
 * escape. Near the edge of this ball, steps may contract only weakly, so a smaller ball may give a better bound on
 * convergence.
 */
const shares = [1, 0.8, 0.6, 0.4, 0.25] as const
/**
 * Each ball has a bound on the probability that a trial at its centre does not converge. Balls are compared from the
 * largest to the smallest. A ball replaces the best ball so far only if its bound is below this share of the bound of
 * the best ball.
 */
const better = 0.9

/**
 * Theorem 2 with the corollary of Theorem 1: P(theta_n -> theta*) >= 1 - E W(theta_N), where W is 1 if a trial has
 * escaped or is outside the ball, and 1 - s_inf(D_N) inside it.
 */
export function convergenceOf(question: CertificateQuestion, radius: number, misses: boolean): Convergence {
  const { chain, minimum, cell } = question
  if ('reason' in chain) refuse('Theorem 1 does not cover the update')
  if (chain.stationary) refuse('eta and the drift are constant: no trial converges')
  if (minimum === null || !driftLaw(chain.law).isStandardNormal)
    refuse('a bound is known only for Gaussian drift around a minimum')
  if (cell.landscape.dimension > 1) refuse('a bound is known only in one dimension')
  if (!misses) refuse('the ball may intersect the escape set')
  const decay = decayOf(cell)
  const { steps } = cell.trial
  const outcomes = shares.flatMap(
    (share) => convergenceInBall(question, { center: [minimum[0]!], radius: share * radius }, decay) ?? [],
  )
  const [first, ...others] = outcomes
  if (first === undefined) refuse('the infinite product over the steps after the horizon gives no useful bound')
  // If the bounds at the centre are about equal, the largest ball is best, because that ball contains the most trials.
  const best = others.reduce((one, other) => (other.from(0) < one.from(0) * better ? other : one), first)
  const after = best.from(0)
  const center = minimum[0]!
  const final = ([low, high]: Interval): number => {
    const distance = Math.max(Math.abs(low - center), Math.abs(high - center))
    const level = Math.ceil((distance / best.radius) * levels * (1 + 1e-12))
    return level < levels ? best.from(level) : 1
  }
  const { escape } = wellCertificate(question, final)
  return { s: Math.max(0, 1 - escape), escape, steps, after }
}

/**
 * `from(level)` is an upper bound on the probability that a trial does not converge in the ball if, at the horizon, its
 * distance from the minimum is `level * radius / levels`. Returns null if the ball is not proven to contract, or if the
 * bound at the centre is not below 1.
 */
function convergenceInBall({ cell, chain, derivatives }: CertificateQuestion, ball: Ball, decay: Decay) {
  if ('reason' in chain || derivatives === null) return null
  const { radius } = ball
  const [curvature] = certifiedCurvature(derivatives, ball, 1)
  if (curvature === undefined || !(curvature.meanMu > 0)) return null
  const contraction = contractionOf(chain, curvature, 1)
  const { steps } = cell.trial
  if (!(largestRho(contraction, 2 * steps) <= 1)) return null
  const path = new Path(contraction, radius, steps)
  const from = remembered(
    (level: number) => nullIf(Refusal, () => foreverBound(path, decay, (level * radius) / levels))?.escape ?? 1,
  )
  return from(0) < 1 ? { radius, from } : null
}
