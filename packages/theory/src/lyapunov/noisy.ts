import { type Cell, isPlain, type Tables, trainingNoise, withoutTrainingNoise } from '@driftfarm/spec'
import { type BallStart, contractionOf, type LawTerms, largestRho, lawTerms } from '../ball/contraction.ts'
import { doobBound, exponentialBound } from '../ball/exponential.ts'
import { additiveChain } from '../chain.ts'
import type { Derivatives } from '../interval/derivatives.ts'
import { add, type Interval, multiply, point, power } from '../interval/interval.ts'
import { refuse } from '../refusal.ts'
import type { Curvature } from '../shapes/index.ts'
import { type Symmetric, zeroNoise } from './growth.ts'
import { momentumBounds, quickBound } from './momentum.ts'
import { proxyVariance, type SampleSpread, sampleSpread, spreadOver, unbounded } from './samples.ts'

/** A chain to which Theorem 3 applies, near a minimum, in the coordinates that the loss depends on. */
export interface Noisy {
  readonly chain: NoisyChain
  readonly center: readonly number[]
  /** null if interval arithmetic does not bound the derivatives. */
  readonly derivatives: Derivatives | null
}

export type NoisyBounds = ReturnType<typeof noisyBounds>

/** `curvature.meanMu` must be positive, and the start must be in the ball. */
export function noisyBounds(noisy: Noisy, curvature: Curvature, within: BallStart) {
  const { chain, center, derivatives } = noisy
  const spread =
    chain.batch === null
      ? null
      : derivatives === null
        ? unbounded
        : sampleSpread(derivatives, { center, radius: curvature.radius })
  const { terms, noise, momentum: question, additive } = inBall(noisy, curvature, within, spread)
  const momentum = question === null ? null : momentumBounds(question)
  const { exponential, doob } = momentum ?? additive()
  return {
    terms,
    /** Spread of the samples' gradients in the ball; infinite if it has no bound, null without mini-batches. */
    spread,
    /** The proxy variance of the batch's gradient along any direction; 0 without mini-batches. */
    batchProxy: noise.batchProxy,
    /** s_0, the square root of the proxy variance of the first step in each coordinate. */
    scale: noise.scale(0),
    /** null for the gradient rule. */
    momentum,
    /** Bounds on the probability of leaving the ball within the horizon; null if not known. */
    exponential,
    doob,
  }
}

/**
 * `noisyScore` evaluates the gradients of all samples at the centre and at two points on each axis. To limit the number
 * of points, it uses at most this number of axes.
 */
const maxAxes = 6

/** Estimates the exponential bound from gradients at a few points, only to choose the ball. */
export function noisyScore(noisy: Noisy, curvature: Curvature, within: BallStart): number {
  const { chain, center, derivatives } = noisy
  // Without bounds, balls cannot be compared, so the largest ball with positive curvature is chosen.
  if (chain.batch !== null && derivatives === null) return -curvature.radius
  const points = [center, ...ends(center, curvature.radius)]
  const spread =
    chain.batch === null || derivatives === null
      ? null
      : largestOf(points.map((at) => spreadOver(derivatives, at.map(point))))
  const { terms, momentum, additive } = inBall(noisy, curvature, within, spread)
  if (!terms.subGaussian) return -curvature.radius
  return momentum === null ? (additive().exponential ?? Number.POSITIVE_INFINITY) : quickBound(momentum)
}

function largestOf(spreads: readonly SampleSpread[]): SampleSpread {
  const most = (of: (spread: SampleSpread) => number) => Math.max(...spreads.map(of))
  return {
    largest: most(({ largest }) => largest),
    around: most(({ around }) => around),
    trace: most(({ trace }) => trace),
    variance: most(({ variance }) => variance),
  }
}

function ends(center: readonly number[], radius: number): readonly (readonly number[])[] {
  return center
    .slice(0, maxAxes)
    .flatMap((_, k) => [-radius, radius].map((by) => center.map((c, i) => (i === k ? c + by : c))))
}

function inBall({ chain, center }: Noisy, curvature: Curvature, within: BallStart, spread: SampleSpread | null) {
  const dimension = center.length
  const terms = lawTerms(chain.additive, dimension)
  const noise = noiseOf(chain, spread, dimension)
  return {
    terms,
    noise,
    momentum:
      chain.kind === 'momentum'
        ? {
            ...momentumOf(chain, noise, terms, dimension),
            ...within,
            mu: curvature.meanMu,
            lambda: curvature.meanLambda,
          }
        : null,
    /** The bounds without momentum. */
    additive() {
      const contraction = contractionOf(chain.additive, curvature, dimension)
      const holds = largestRho(contraction, within.steps) <= 1 && (spread === null || Number.isFinite(spread.largest))
      return {
        exponential:
          holds && terms.subGaussian ? exponentialBound({ ...contraction, scale: noise.scale }, within) : null,
        doob: holds && terms.unitVariance ? doobBound({ ...contraction, scale: noise.deviation }, within) : null,
      }
    },
  }
}

function noiseOf({ additive, batch }: NoisyChain, spread: SampleSpread | null, dimension: number) {
  const size = batch ?? 1
  const batchProxy =
    spread === null ? 0 : Math.min(spread.around ** 2, proxyVariance(spread.variance, spread.largest)) / size
  const batchTrace = spread === null ? 0 : spread.trace / size
  const length = (n: number, square: number) => Math.sqrt(additive.eta(n) ** 2 * square + additive.scale(n) ** 2)
  return {
    /** The square root of the proxy variance of step n in each coordinate. */
    scale: (n: number) => length(n, batchProxy),
    /** The root mean square length of step n, divided by the square root of the number of coordinates. */
    deviation: (n: number) => length(n, batchTrace / dimension),
    batchProxy,
    /** The trace of the covariance of a batch's gradient; 0 without mini-batches. */
    batchTrace,
  }
}

/** The noise moves position and velocity alike, except that drift without `onGradient` moves only the position. */
function momentumOf(
  { additive, beta, onGradient }: NoisyChain,
  { batchProxy, batchTrace }: ReturnType<typeof noiseOf>,
  { subGaussian, unitVariance }: LawTerms,
  dimension: number,
) {
  const eta = additive.eta(0)
  const square = power(point(additive.scale(0)), 2)
  const of = (batch: number, drift: Interval): Symmetric<Interval> | null => {
    if (!Number.isFinite(batch)) return null
    if (batch === 0 && additive.scale(0) === 0) return zeroNoise
    const shared = multiply(power(point(eta), 2), point(batch))
    const both = onGradient ? add(shared, drift) : shared
    return { xx: onGradient ? both : add(shared, drift), xv: both, vv: both }
  }
  return {
    eta,
    beta,
    dimension,
    proxy: subGaussian ? of(batchProxy, square) : null,
    moments: unitVariance ? of(batchTrace, multiply(point(dimension), square)) : null,
  }
}

/**
 * The chain of Theorem 3: v_{n+1} = beta v_n - eta_n (g_n + noise), theta_{n+1} = theta_n + v_{n+1}, v_0 = 0. Here g_n
 * is the gradient over all samples or over a mini-batch drawn with replacement. There is at most one additive drift.
 */
export type NoisyChain = NonNullable<ReturnType<typeof noisyChain>>

/** Returns null for a cell with neither momentum nor mini-batches. */
export function noisyChain(cell: Cell, tables: Tables) {
  const { landscape, update, trial } = cell
  const { rule, drift } = update
  const batch = 'batch' in landscape ? landscape.batch : null
  const isMomentum = rule.kind === 'momentum' && !isPlain(rule)
  if (!isMomentum && (!isPlain(rule) || batch === null)) return null
  const others = trainingNoise(landscape).filter((noise) => noise !== 'mini-batches')
  if (others.length > 0) refuse(`steps use ${others.join(' and ')}, which Theorem 3 does not cover`)
  if (batch?.sampling === 'shuffle')
    refuse(
      'mini-batches are shuffled: given the earlier batches, the expected gradient of the next batch is not the ' +
        'full gradient',
    )
  const whole: Cell = {
    ...cell,
    landscape: withoutTrainingNoise(landscape),
    update: { ...update, rule: { kind: 'gradient' } },
  }
  const additive = additiveChain(whole, tables)
  if (isMomentum && !additive.stationary)
    refuse('with momentum, eta and the drift must be constant, because the bounds use the same norm for every step')
  if (isMomentum && trial.warmup > 0) refuse('after a warm-up, the velocity at step 0 is not known')
  const [entry] = drift
  return {
    kind: isMomentum ? ('momentum' as const) : ('minibatch' as const),
    /** 0 for the gradient rule. */
    beta: isMomentum ? rule.beta : 0,
    /** The number of samples in a mini-batch; null for all samples. */
    batch: batch?.size ?? null,
    /** The chain of the same cell with the gradient rule and all samples. It provides eta_n and the drift scale s_n. */
    additive,
    /** Whether the drift is part of the gradient, so that it also moves the velocity. Otherwise it moves only theta. */
    onGradient: entry?.form !== 'additive' || entry.scale === 'sigma',
  }
}
