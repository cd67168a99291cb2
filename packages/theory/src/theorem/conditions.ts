import { scaleFunction } from '@driftfarm/kernel'
import type { NotApplicable } from '../chain.ts'
import type { Derivatives } from '../interval/derivatives.ts'
import type { TheoremCondition } from './answer.ts'
import type { Known } from './known.ts'
import type { LawTerms } from './law.ts'
import { type Contraction, largestRho } from './steps.ts'
import type { VanishingBound } from './vanishing.ts'

export const short = (x: number): string => String(Number(x.toPrecision(6)))

/** Condition 1: the curvature around the minimum. */
export function basin({ base, among, curvature, derivatives, cell }: Known): TheoremCondition {
  const { mu, lambda, meanMu, meanLambda, radius, how } = curvature
  const numbers = { mu, Lambda: lambda, meanMu, meanLambda, radius }
  const { kind } = base.minimum
  const ends =
    kind === 'saddle'
      ? 'descent from the start ends at a saddle'
      : kind === 'unsettled'
        ? 'descent from the start ends where the gradient does not vanish'
        : null
  if (ends !== null) return { number: 1, holds: false, numbers, text: ends }
  if (kind === 'flat' && among.length === cell.landscape.dimension)
    return {
      number: 1,
      holds: false,
      numbers,
      text:
        'second derivatives vanish in some direction, so the minimum may be one of a set. ' +
        `${valleyText(derivatives)}`,
    }
  if (among.length === 0) return { number: 1, holds: false, numbers, text: 'the loss is constant' }
  const surely = how === 'estimate' ? 'estimated from samples, not proven' : 'proven by interval arithmetic'
  const isTube = among.length < cell.landscape.dimension
  const place = isTube
    ? `the loss depends on ${among.length} of ${cell.landscape.dimension} coordinates: D is the distance in these ` +
      'coordinates to the valley of minima (statement v)'
    : 'Hess L'
  const text =
    meanMu > 0
      ? `${isTube ? `${place}; Hess L in these coordinates` : place} is between ${short(mu)} and ${short(lambda)} ` +
        `on the set, and its mean along straight lines to the minimum is between ${short(meanMu)} and ` +
        `${short(meanLambda)}: ${surely}`
      : meanMu === Number.NEGATIVE_INFINITY
        ? `Hess L has no bound in the ball of radius ${short(radius)}: the loss has a kink or is undefined somewhere`
        : `in the ball of radius ${short(radius)}, the lower bound of the mean curvature along straight lines to the ` +
          `minimum is ${short(meanMu)}, which is not above 0 (the bound is ${surely})`
  return { number: 1, holds: meanMu > 0, numbers, text }
}

function valleyText(derivatives: Derivatives | null): string {
  const needed = 'Statement (v) needs the distance to this set of minima'
  if (derivatives === null) return `${needed}, which is not known for this landscape`
  return `${needed}, which is known only if there are coordinates on which the loss does not depend`
}

/** Condition 2: no noise-free step increases the distance from the minimum. */
export function stepSizes({ cell, curvature, drift }: Known, contraction: Contraction | null): TheoremCondition {
  const { meanMu, meanLambda } = curvature
  const limit = 2 / meanLambda
  const scales = scaleFunction(cell)
  const [first, last] = [scales(0).eta, scales(Math.max(0, cell.trial.steps - 1)).eta]
  const rho =
    contraction !== null
      ? largestRho(contraction, cell.trial.steps)
      : 'reason' in drift || 'landscape' in drift
        ? Math.max(1 - first * meanMu, first * meanLambda - 1)
        : Math.max(0, 1 - first * meanMu, first * meanLambda - 1)
  const numbers = { eta: first, etaLast: last, limit, rho }
  const isVanishing = !('reason' in drift) && !('landscape' in drift)
  const holds = isVanishing ? first > 0 : rho <= 1
  const text = isVanishing
    ? `eta = ${short(first)}; in Theorem 1' the condition on the drift replaces condition 2`
    : holds
      ? `eta ${first === last ? `= ${short(first)} is` : `goes from ${short(first)} to ${short(last)} and stays`} ` +
        `below 2/Lambda = ${short(limit)}: rho_n <= ${short(rho)}`
      : `rho_n reaches ${short(rho)}, so a step may increase the distance from the minimum ` +
        `(the limit for eta is 2/Lambda = ${short(limit)})`
  return { number: 2, holds, numbers, text }
}

/** Condition 3: the distribution of the drift, and the start. */
export function driftCondition(
  { drift, start, curvature }: Known,
  terms: LawTerms | null,
  vanishing: VanishingBound | NotApplicable | null,
): TheoremCondition {
  const numbers: Record<string, number> = { start }
  const inside = start < curvature.radius
  const outside = inside
    ? ''
    : `; but the start is ${short(start)} away from the minimum, outside the radius ${short(curvature.radius)}`
  if (terms !== null && !('reason' in drift) && 'landscape' in drift) {
    numbers.scale = drift.scale(0)
    return { number: 3, holds: terms.holds && inside, numbers, text: `${terms.text}${outside}` }
  }
  if (vanishing !== null) {
    if ('reason' in vanishing) return { number: 3, holds: false, numbers, text: vanishing.reason }
    numbers.alpha = vanishing.alpha
    return {
      number: 3,
      holds: inside,
      numbers,
      text:
        `the drift vanishes at the minimum: E (D'/D)^alpha <= 1 for alpha = ${short(vanishing.alpha)} ` +
        `(${vanishing.text})${outside}`,
    }
  }
  return { number: 3, holds: false, numbers, text: 'reason' in drift ? `not covered: ${drift.reason}` : 'not covered' }
}
