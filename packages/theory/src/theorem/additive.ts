import {
  type BallStart,
  type Contraction,
  contractionOf,
  type LawTerms,
  largestRho,
  lawTerms,
  lowerContraction,
} from '../ball/contraction.ts'
import { doobBound, exponentialBound } from '../ball/exponential.ts'
import { decayOf } from '../ball/forever.ts'
import { estimatedEscape, productBound, safeHorizon } from '../ball/product.ts'
import type { AdditiveChain } from '../chain.ts'
import { driftLaw } from '../drift.ts'
import { tiny } from '../question/answer.ts'
import { radialSurvival } from '../radial/survival.ts'
import { refuse, unlessRefused } from '../refusal.ts'
import type { Curvature, Forever } from '../shapes/index.ts'
import { condition, outsideText, stepSizes } from './conditions.ts'
import { foreverAnswer } from './forever.ts'
import type { Known, Statement } from './statement.ts'

/** The largest allowed probability of leaving within the safe horizon. */
const delta = 0.05

/** Theorem 1: plain gradient descent with additive drift or none. */
export function additiveStatement(chain: AdditiveChain, dimension: number): Statement {
  const terms = lawTerms(chain, dimension)
  const chainIn = (curvature: Curvature) => contractionOf(chain, curvature, dimension)
  const isSilent = chain.stationary && chain.scale(0) === 0
  return {
    kind: 'additive',
    score(curvature, within) {
      const contraction = chainIn(curvature)
      if (!(largestRho(contraction, within.steps) <= 1)) return Number.POSITIVE_INFINITY
      return estimatedEscape(contraction, within)
    },
    apply(known, within, isBasin) {
      const { curvature, base } = known
      const { start } = within
      const contraction = chainIn(curvature)
      const second = stepSizes(known, contraction)
      const isInside = start < curvature.radius
      const numbers = { start, scale: chain.scale(0) }
      const third = condition(3, terms.holds && isInside, `${terms.text}${outsideText(known)}`, numbers)
      const upper = isBasin && second.holds && isInside ? contraction : null
      const isBounded = base.minimum.kind !== 'unsettled' && Number.isFinite(curvature.meanLambda) && isInside
      const lower = isBounded ? lowerContraction(chain, curvature, dimension) : null
      const holds = isBasin && second.holds && third.holds
      const hasHorizon = chain.stationary && contraction.scale(0) > 0 && terms.gaussian && holds
      return {
        conditions: [second, third],
        bounds: dimension === 0 ? null : additiveBounds(terms, within, { upper, lower, isSilent }),
        forever: unlessRefused(() =>
          holds ? foreverOf(known, chain, contraction, within) : refuse('the conditions do not hold'),
        ),
        leaves: leavesSurely(chain),
        horizon: hasHorizon ? { delta, steps: safeHorizon(contraction, within, delta) } : null,
      }
    },
  }
}

/**
 * Whether statement (iv) holds: from every point of the set, a step leaves the set with a probability of at least P(|s
 * xi| >= r) > 0.
 */
export function leavesSurely({ stationary, law, scale }: AdditiveChain): boolean {
  return stationary && driftLaw(law).isStandardNormal && scale(0) > 0
}

function foreverOf(
  { cell, options }: Known,
  { law, stationary }: AdditiveChain,
  contraction: Contraction,
  within: BallStart,
): Forever {
  const { isStandardNormal, largest } = driftLaw(law)
  if (contraction.scale(0) !== 0 || !stationary) {
    // If the length of the drift is bounded, it may be too short for any trial to leave the set.
    const fate = Number.isFinite(largest)
      ? 'no trial comes to rest'
      : 'every trial leaves the set in the end, P(tau < infinity) = 1'
    if (stationary) refuse(`eta and the drift are constant: ${fate}`)
    if (!isStandardNormal) refuse('tails are computed only for Gaussian drift')
  }
  return foreverAnswer(contraction, decayOf(cell), within, options.distances)
}

interface Chains {
  /** Conditions 1 and 2 hold for this chain, whose trials leave the ball most often; null if they fail. */
  readonly upper: Contraction | null
  /** The chain whose trials leave the ball least often; null if the curvature has no upper bound. */
  readonly lower: Contraction | null
  readonly isSilent: boolean
}

export function additiveBounds(terms: LawTerms, within: BallStart, { upper, lower, isSilent }: Chains) {
  const isKnown = terms.gaussian || isSilent
  const product = upper !== null && isKnown ? productBound(upper, within) : null
  // A tail probability below the smallest double counts as 0. An upper bound on the sum of such tails is therefore
  // added.
  const more = isSilent ? 0 : within.steps * tiny
  const above = (value: number) => Math.min(1, value + more)
  const found = [upper, lower].map((chain) =>
    chain !== null && isKnown ? unlessRefused(() => radialSurvival(chain, within)) : null,
  )
  const [most, least] = found.map((end) => (end === null || 'reason' in end ? null : end))
  const missing = found.flatMap((end) => (end !== null && 'reason' in end ? [end.reason] : []))
  return {
    stay: product?.stay ?? null,
    escape: product && above(product.escape),
    upper: most ? above(most.exit) : null,
    lower: least?.exit ?? null,
    error: Math.max(most?.error ?? 0, least?.error ?? 0),
    missing: missing[0] ?? null,
    union: product && above(product.union),
    exponential: upper !== null && terms.subGaussian ? exponentialBound(upper, within) : null,
    doob: upper !== null && terms.unitVariance ? doobBound(upper, within) : null,
  }
}
