import { contractionOf } from '../theorem/additive.ts'
import type { TheoremCondition } from '../theorem/answer.ts'
import { basin, short, stepSizes } from '../theorem/conditions.ts'
import type { Known } from '../theorem/known.ts'
import type { MomentumBounds } from './momentum.ts'
import type { Noisy, NoisyBounds } from './noisy.ts'

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
  const given = `eta = ${short(eta)}, beta = ${short(beta)}`
  if (eta >= limit)
    return {
      number: 2,
      holds: false,
      numbers,
      text: `${given}: eta is not below 2 (1 + beta)/Lambda = ${short(limit)}, so steps grow at curvature Lambda`,
    }
  if (bounds === null)
    return {
      number: 2,
      holds: false,
      numbers,
      text: `${given}: a norm is searched for only if condition 1 holds and the start is inside the ball`,
    }
  const { a, b, rho } = bounds.norm
  const holds = rho < 1
  return {
    number: 2,
    holds,
    numbers: { ...numbers, rho, a, b },
    text: holds
      ? `${given}: every step without noise contracts by the factor rho = ${short(rho)} in the norm ` +
        `${normText(a, b)}, where x = theta - theta* and v is the velocity`
      : `${given}: no norm was found in which steps contract at all curvatures from ${short(meanMu)} to ` +
        `${short(meanLambda)} (the best norm has rho = ${short(rho)})`,
  }
}

function normText(a: number, b: number): string {
  return `|z|_Q^2 = ${short(a)} |x|^2 ${b < 0 ? '-' : '+'} ${short(2 * Math.abs(b))} x.v + |v|^2`
}

/** Condition 3: the randomness of a step is sub-Gaussian, and the start is inside the ball. */
function noise({ start, curvature }: Known, { chain }: Noisy, bounds: NoisyBounds | null): TheoremCondition {
  const inside = start < curvature.radius
  const outside = inside
    ? ''
    : `; but the start is ${short(start)} away from the minimum, outside the radius ${short(curvature.radius)}`
  const { law } = chain.additive
  if (bounds === null)
    return {
      number: 3,
      holds: false,
      numbers: { start },
      text: `a bound on the noise is computed only if condition 1 holds and the start is inside the ball${outside}`,
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
  const holds = inside && terms.subGaussian && (spread === null || Number.isFinite(spread.largest))
  return {
    number: 3,
    holds,
    numbers,
    text: `${texts.filter((text) => text !== null).join('; ')}${holds ? length : ''}${outside}`,
  }
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
