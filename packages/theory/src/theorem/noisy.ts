import { contractionOf } from '../ball/contraction.ts'
import type { MomentumBounds } from '../lyapunov/momentum.ts'
import { type Noisy, type NoisyBounds, noisyBounds, noisyScore } from '../lyapunov/noisy.ts'
import type { TheoremCondition } from '../shapes/index.ts'
import { leavesSurely } from './additive.ts'
import { condition, outsideText, short, stepSizes } from './conditions.ts'
import type { Known, Statement } from './statement.ts'

/** Theorem 3: momentum or mini-batches. It gives only upper bounds on the probability of leaving within a horizon. */
export function noisyStatement(noisy: Noisy): Statement {
  const { kind, additive } = noisy.chain
  return {
    kind,
    score: (curvature, within) => noisyScore(noisy, curvature, within),
    apply(known, within, isBasin) {
      const { meanMu, meanLambda, radius } = known.curvature
      const isBounded = meanMu > 0 && Number.isFinite(meanLambda) && within.start < radius
      const found = isBounded ? noisyBounds(noisy, known.curvature, within) : null
      const second =
        kind === 'minibatch'
          ? stepSizes(known, contractionOf(additive, known.curvature, noisy.center.length))
          : contraction(known, noisy, found?.momentum ?? null)
      return {
        conditions: [second, noise(known, noisy, found)],
        bounds: found !== null && isBasin ? { ...unknown, exponential: found.exponential, doob: found.doob } : null,
        forever: { reason: 'Theorem 3 holds only within a horizon' },
        leaves: leavesSurely(additive),
      }
    },
  }
}

const unknown = { stay: null, escape: null, upper: null, lower: null, error: 0, missing: null, union: null }

/** Condition 2 with momentum: in some norm of position and velocity, every step without noise contracts. */
function contraction(
  { curvature: { meanMu, meanLambda } }: Known,
  { chain: { additive, beta } }: Noisy,
  bounds: MomentumBounds | null,
): TheoremCondition {
  const eta = additive.eta(0)
  const limit = (2 * (1 + beta)) / meanLambda
  const numbers = { eta, beta, limit }
  const said = (holds: boolean, text: string, found = {}) =>
    condition(2, holds, `eta = ${short(eta)}, beta = ${short(beta)}: ${text}`, { ...numbers, ...found })
  if (eta >= limit)
    return said(false, `eta is not below 2 (1 + beta)/Lambda = ${short(limit)}, so steps grow at curvature Lambda`)
  if (bounds === null)
    return said(false, 'a norm is searched for only if condition 1 holds and the start is inside the ball')
  const { a, b, rho } = bounds.norm
  const norm = `|z|_Q^2 = ${short(a)} |x|^2 ${b < 0 ? '-' : '+'} ${short(2 * Math.abs(b))} x.v + |v|^2`
  return said(
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
    return condition(3, false, `${text}${outside}`, { start })
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
  return condition(3, holds, text, numbers)
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
