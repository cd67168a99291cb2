import { scaleFunction } from '@driftfarm/kernel'
import type { Cell, DataTable } from '@driftfarm/spec'
import { type Contraction, contractionOf, type LawTerms, largestRho } from '../ball/contraction.ts'
import type { Clearance } from '../ball/escapeSet.ts'
import type { AdditiveChain, NotApplicable } from '../chain.ts'
import type { Derivatives } from '../interval/derivatives.ts'
import type { MomentumBounds } from '../lyapunov/momentum.ts'
import type { Noisy, NoisyBounds } from '../lyapunov/noisy.ts'
import type { Curvature, TheoremCondition, VanishingBound } from '../shapes/index.ts'
import type { TheoremOptions } from './answer.ts'
import type { Base } from './minimum.ts'
import type { VanishingDrift } from './vanishing.ts'

export const short = (x: number): string => String(Number(x.toPrecision(6)))

/** Condition 1: the curvature around the minimum. */
export function basin({ base, among, curvature, derivatives, cell }: Known): TheoremCondition {
  const { mu, lambda, meanMu, meanLambda, radius, how } = curvature
  const numbers = { mu, Lambda: lambda, meanMu, meanLambda, radius }
  const { kind } = base.minimum
  const fails = (text: string): TheoremCondition => ({ number: 1, holds: false, text, numbers })
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
  return { number: 1, holds: meanMu > 0, text, numbers }
}

/** Says where the start is if it is not inside the ball. */
function outsideText({ start, curvature: { radius } }: Known): string {
  if (start < radius) return ''
  return `; but the start is ${short(start)} away from the minimum, outside the radius ${short(radius)}`
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
  return { number: 2, holds, text, numbers }
}

/** Condition 3: the distribution of the drift, and the start. */
export function driftCondition(
  known: Known,
  terms: LawTerms | null,
  vanishing: VanishingBound | NotApplicable | null,
): TheoremCondition {
  const { drift, start, curvature } = known
  const holds = start < curvature.radius
  const outside = outsideText(known)
  if (terms !== null && !('reason' in drift) && 'landscape' in drift) {
    const numbers = { start, scale: drift.scale(0) }
    return { number: 3, holds: terms.holds && holds, text: `${terms.text}${outside}`, numbers }
  }
  if (vanishing === null || 'reason' in vanishing) {
    const text = vanishing?.reason ?? ('reason' in drift ? `not covered: ${drift.reason}` : 'not covered')
    return { number: 3, holds: false, text, numbers: { start } }
  }
  const { alpha } = vanishing
  const text =
    `the drift vanishes at the minimum: E (D'/D)^alpha <= 1 for alpha = ${short(alpha)} ` +
    `(${vanishing.text})${outside}`
  return { number: 3, holds, text, numbers: { start, alpha } }
}

/** The conditions of Theorem 3. `bounds` is null if condition 1 fails or if the start is outside the ball. */
export function noisyConditions(known: Known, noisy: Noisy, bounds: NoisyBounds | null): readonly TheoremCondition[] {
  const { additive, kind } = noisy.chain
  const second =
    kind === 'minibatch'
      ? stepSizes(known, contractionOf(additive, known.curvature, noisy.center.length))
      : contraction(known, noisy, bounds?.momentum ?? null)
  return [basin(known), second, noise(known, noisy, bounds)]
}

/** Condition 2 with momentum: in some norm of position and velocity, every step without noise contracts. */
function contraction(
  { curvature: { meanMu, meanLambda } }: Known,
  { chain: { additive, beta } }: Noisy,
  bounds: MomentumBounds | null,
): TheoremCondition {
  const eta = additive.eta(0)
  const limit = (2 * (1 + beta)) / meanLambda
  const numbers = { eta, beta, limit }
  const condition = (holds: boolean, text: string, found = {}): TheoremCondition => {
    const given = `eta = ${short(eta)}, beta = ${short(beta)}`
    return { number: 2, holds, text: `${given}: ${text}`, numbers: { ...numbers, ...found } }
  }
  if (eta >= limit)
    return condition(false, `eta is not below 2 (1 + beta)/Lambda = ${short(limit)}, so steps grow at curvature Lambda`)
  if (bounds === null)
    return condition(false, 'a norm is searched for only if condition 1 holds and the start is inside the ball')
  const { a, b, rho } = bounds.norm
  const norm = `|z|_Q^2 = ${short(a)} |x|^2 ${b < 0 ? '-' : '+'} ${short(2 * Math.abs(b))} x.v + |v|^2`
  return condition(
    rho < 1,
    rho < 1
      ? `every step without noise contracts by the factor rho = ${short(rho)} in the norm ` +
          `${norm}, where x = theta - theta* and v is the velocity`
      : `no norm was found in which steps contract at all curvatures from ${short(meanMu)} to ` +
          `${short(meanLambda)} (the best norm has rho = ${short(rho)})`,
    { rho, a, b },
  )
}

/** Condition 3: the randomness of a step is sub-Gaussian, and the start is inside the ball. */
function noise(known: Known, { chain }: Noisy, bounds: NoisyBounds | null): TheoremCondition {
  const { start, curvature } = known
  const outside = outsideText(known)
  const { law } = chain.additive
  if (bounds === null) {
    const text = 'a bound on the noise is computed only if condition 1 holds and the start is inside the ball'
    return { number: 3, holds: false, text: `${text}${outside}`, numbers: { start } }
  }
  const { terms, spread, batchProxy, momentum, scale } = bounds
  const numbers: Record<string, number> = { start, scale }
  if (momentum !== null) Object.assign(numbers, { sQ: momentum.scale, R: momentum.radius })
  if (spread !== null)
    Object.assign(numbers, {
      batch: chain.batch,
      M: spread.largest,
      variance: spread.variance,
      trace: spread.trace,
      proxy: batchProxy,
    })
  const texts = [
    batchText(chain.batch, spread, batchProxy),
    driftText(chain.additive.scale(0), law.kind, terms.subGaussian),
  ]
  const length =
    momentum === null ? '' : `; in the norm |z|_Q, s_Q = ${short(momentum.scale)} and R = ${short(momentum.radius)}`
  const isBounded = terms.subGaussian && (spread === null || Number.isFinite(spread.largest))
  const holds = start < curvature.radius && isBounded
  const text = `${texts.filter((text) => text !== null).join('; ')}${holds ? length : ''}${outside}`
  return { number: 3, holds, text, numbers }
}

function batchText(batch: number | null, spread: NoisyBounds['spread'], proxy: number): string | null {
  if (batch === null || spread === null) return null
  if (!Number.isFinite(spread.largest))
    return 'interval arithmetic did not bound the gradients of single samples on the ball'
  return (
    `mini-batches of ${batch} with replacement: |grad l_i - grad L| <= M = ${short(spread.largest)}, and the ` +
    `variance along any direction is at most ${short(spread.variance)}, so the batch gradient is sub-Gaussian with ` +
    `proxy variance ${short(proxy)}; the trace of its covariance is at most ${short(spread.trace / batch)}`
  )
}

function driftText(scale: number, law: string, isSubGaussian: boolean): string | null {
  if (scale === 0) return null
  if (!isSubGaussian) return `${law} drift is not sub-Gaussian: only Doob's bound can apply`
  const name = law === 'gaussian' ? 'Gaussian' : law
  return `${name} drift with mean zero and scale s = ${short(scale)}, which is sub-Gaussian`
}

export interface Known {
  readonly cell: Cell
  readonly data: DataTable | null
  readonly options: TheoremOptions
  readonly base: Base
  readonly among: readonly number[]
  readonly start: number
  readonly chain: AdditiveChain | NotApplicable
  readonly drift: AdditiveChain | VanishingDrift | NotApplicable
  /** The chain of Theorem 3; null if the cell follows no such chain. */
  readonly noisy: Noisy | null
  readonly clearance: Clearance
  readonly curvature: Curvature
  readonly derivatives: Derivatives | null
}
