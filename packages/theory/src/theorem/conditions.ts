import { scaleFunction } from '@driftfarm/kernel'
import { type Contraction, largestRho } from '../ball/contraction.ts'
import type { TheoremCondition } from '../shapes/index.ts'
import type { Known } from './statement.ts'

export const condition = (
  number: TheoremCondition['number'],
  holds: boolean,
  text: string,
  numbers: TheoremCondition['numbers'],
): TheoremCondition => ({ number, holds, text, numbers })

export const short = (x: number): string => String(Number(x.toPrecision(6)))

/** Condition 1: the curvature around the minimum. */
export function basin({ base, among, curvature, derivatives, cell }: Known): TheoremCondition {
  const { mu, lambda, meanMu, meanLambda, radius, how } = curvature
  const numbers = { mu, Lambda: lambda, meanMu, meanLambda, radius }
  const { kind } = base.minimum
  const fails = (text: string) => condition(1, false, text, numbers)
  if (kind === 'saddle') return fails('descent from the start ends at a saddle')
  if (kind === 'unsettled') return fails('descent from the start ends where the gradient does not vanish')
  if (kind === 'flat' && among.length === cell.landscape.dimension)
    return fails(
      'second derivatives vanish in some direction, so the minimum may be one of a set. Statement (v) needs the ' +
        'distance to this set of minima, which is ' +
        (derivatives === null
          ? 'not known for this landscape'
          : 'known only if there are coordinates on which the loss does not depend'),
    )
  if (among.length === 0) return fails('the loss is constant')
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
  return condition(1, meanMu > 0, text, numbers)
}

/** Says where the start is if it is not inside the ball. */
export function outsideText({ start, curvature: { radius } }: Known): string {
  if (start < radius) return ''
  return `; but the start is ${short(start)} away from the minimum, outside the radius ${short(radius)}`
}

/** Condition 2: no noise-free step increases the distance from the minimum. */
export function stepSizes(known: Known, contraction: Contraction | null): TheoremCondition {
  const { cell, curvature } = known
  const eta = scaleFunction(cell)
  const [first, last] = [eta(0).eta, eta(Math.max(0, cell.trial.steps - 1)).eta]
  const limit = 2 / curvature.meanLambda
  const rho =
    contraction !== null
      ? largestRho(contraction, cell.trial.steps)
      : Math.max(1 - first * curvature.meanMu, first * curvature.meanLambda - 1)
  const holds = rho <= 1
  const text = holds
    ? `eta ${first === last ? `= ${short(first)} is` : `goes from ${short(first)} to ${short(last)} and stays`} ` +
      `below 2/Lambda = ${short(limit)}: rho_n <= ${short(rho)}`
    : `rho_n reaches ${short(rho)}, so a step may increase the distance from the minimum ` +
      `(the limit for eta is 2/Lambda = ${short(limit)})`
  return condition(2, holds, text, { eta: first, etaLast: last, limit, rho })
}
