import { norm } from '@driftfarm/formula'
import { gradientCost, landscapeFunction, scaleFunction } from '@driftfarm/kernel'
import type { Cell, DataTable } from '@driftfarm/spec'
import { chooseBall, reduced } from '../ball/choice.ts'
import {
  type Contraction,
  contractionOf,
  type LawTerms,
  largestRho,
  lawTerms,
  lowerContraction,
} from '../ball/contraction.ts'
import { clearanceOf } from '../ball/escapeSet.ts'
import { decayOf } from '../ball/forever.ts'
import { estimatedEscape, safeHorizon } from '../ball/product.ts'
import { certificateOf } from '../certificate/certificate.ts'
import { type AdditiveChain, additiveChain } from '../chain.ts'
import { driftLaw } from '../drift.ts'
import { TheoryError } from '../error.ts'
import { derivativesOf } from '../interval/derivatives.ts'
import { checkDimension } from '../linear/spectrum.ts'
import { type Noisy, type NoisyBounds, noisyBounds, noisyChain, noisyScore } from '../lyapunov/noisy.ts'
import type { AdditiveBounds, Curvature, TheoremAnswer } from '../shapes/index.ts'
import { additiveBounds } from './additive.ts'
import type { TheoremOptions } from './answer.ts'
import { basin, driftCondition, type Known, noisyConditions, stepSizes } from './conditions.ts'
import { convergenceOf } from './convergence.ts'
import { escapeEnds, measureHint } from './escapeEnds.ts'
import { foreverAnswer } from './forever.ts'
import { baseOf } from './minimum.ts'
import { type VanishingDrift, vanishingBound, vanishingDrift } from './vanishing.ts'

/** The largest allowed probability of leaving within the safe horizon. */
const delta = 0.05
const maxRelativeRadius = 64

/**
 * Applies Theorem 1 to a cell. Finds the minimum, bounds or estimates the curvature around it, tests the three
 * conditions, and bounds the probability of staying near the minimum, up to the horizon and forever. `data` is the
 * table to which the landscape refers; null if it refers to none. Throws a TheoryError for a dimension above 1000, an
 * invalid radius or distance, or a start from which descent diverges or reaches an undefined loss.
 */
export async function theorem(
  cell: Cell,
  data: DataTable | null,
  options: TheoremOptions = {},
): Promise<TheoremAnswer> {
  check(cell, options)
  const whole = landscapeFunction(cell, data)
  const scales = scaleFunction(cell)
  const base = await baseOf(cell, data, whole, scales(0).eta)
  const intervals = cell.landscape.kind === 'formula' ? derivativesOf(cell.landscape, data) : null
  const derivatives = intervals === null || 'reason' in intervals ? null : intervals
  const valley = derivatives !== null && base.minimum.kind === 'flat' ? derivatives.idle : []
  const among =
    whole.dimension === valley.length ? [] : [...base.minimum.point.keys()].filter((i) => !valley.includes(i))
  const space = reduced(
    { landscape: whole, derivatives, minimum: base.minimum.point, cost: gradientCost(cell.landscape).host },
    among,
  )
  const start = norm(among.map((i) => base.start[i]! - base.minimum.point[i]!))
  const chain = additiveChain(cell, data)
  const found = 'reason' in chain ? noisyChain(cell, data) : null
  const noisy: Noisy | null =
    found === null || 'reason' in found ? null : { chain: found, center: space.center, derivatives: space.derivatives }
  const drift = 'reason' in chain ? (found !== null && 'reason' in found ? found : vanishingDrift(cell)) : chain
  const reach = Math.min(cell.trial.divergence, maxRelativeRadius * (1 + norm(space.center)))
  const clearance = clearanceOf(cell, { center: base.minimum.point, among, derivatives, most: reach })
  const { steps } = cell.trial
  const score = (curvature: Curvature): number => {
    const { radius } = curvature
    if (!(start < radius && curvature.meanMu > 0)) return Number.POSITIVE_INFINITY
    if (noisy !== null) return noisyScore(noisy, curvature, { radius, start, steps })
    if ('reason' in drift) return -radius
    if ('landscape' in drift) {
      const contraction = contractionOf(drift, curvature, among.length)
      if (!(largestRho(contraction, steps) <= 1)) return Number.POSITIVE_INFINITY
      return estimatedEscape(contraction, { radius, start, steps })
    }
    const bound = vanishingOf(drift, curvature, among.length, start)
    return 'reason' in bound ? Number.POSITIVE_INFINITY : bound.escape
  }
  const fixed = options.radius ?? (clearance.kind === 'ball' ? clearance.radius : null)
  const most = clearance.radius > 0 ? clearance.radius : reach
  const curvature = chooseBall(space, { fixed, most, least: start, score })
  return answer({ cell, data, options, base, among, start, chain, drift, noisy, clearance, curvature, derivatives })
}

function check(cell: Cell, { radius, distances }: TheoremOptions): void {
  checkDimension(cell.landscape.dimension)
  if (radius !== undefined && !(radius > 0 && Number.isFinite(radius)))
    throw new TheoryError('OPTION', `radius ${radius}`, 'a radius must be positive')
  if (distances?.some((distance) => !(distance >= 0)))
    throw new TheoryError('OPTION', 'a distance below 0', 'distances must be 0 or greater')
}

function answer(known: Known): TheoremAnswer {
  const { cell, data, options, base, among, start, chain, drift, noisy, clearance, curvature, derivatives } = known
  const { minimum } = base
  const dimension = among.length
  const { radius } = curvature
  const additive = 'reason' in chain ? null : chain
  const contraction = additive === null ? null : contractionOf(additive, curvature, dimension)
  const terms = additive === null ? null : lawTerms(additive, dimension)
  const vanishing = 'reason' in drift || 'landscape' in drift ? null : vanishingOf(drift, curvature, dimension, start)
  const within = { radius, start, steps: cell.trial.steps }
  const noise =
    noisy !== null && curvature.meanMu > 0 && Number.isFinite(curvature.meanLambda) && start < radius
      ? noisyBounds(noisy, curvature, within)
      : null
  const conditions =
    noisy !== null
      ? noisyConditions(known, noisy, noise)
      : [basin(known), stepSizes(known, contraction), driftCondition(known, terms, vanishing)]
  const [first, second, third] = conditions.map(({ holds }) => holds)
  const all = first === true && second === true && third === true
  const bounds =
    noise !== null && first === true
      ? noisyOnly(noise)
      : additive === null || terms === null || contraction === null || dimension === 0
        ? null
        : additiveBounds({ contraction, lower: lowerContraction(additive, curvature, dimension), terms }, within, {
            contracts: first === true && second === true && start < radius,
            bounded: minimum.kind !== 'unsettled' && Number.isFinite(curvature.meanLambda) && start < radius,
          })
  const holdsFor = all && start < radius
  const escape = escapeEnds(cell, clearance, curvature)
  const isBounded = curvature.how === 'interval arithmetic'
  const isProven = holdsFor && !base.random && escape.ends !== 'none' && isBounded
  const home = minimum.kind === 'minimum' ? minimum.point : null
  const question = { cell, data, chain, derivatives, start: base.random ? null : base.start, minimum: home }
  const left = { reason: 'it was not requested' }
  const isRequested = options.certificate !== false
  const certificate = isRequested
    ? certificateOf(question, isProven && bounds !== null ? roundedUp(bounds.escape) : null)
    : left
  const holds = minimum.kind === 'minimum' && terms?.gaussian === true
  const convergence = isRequested
    ? convergenceOf({
        asked: question,
        contraction,
        holds,
        misses: escape.ends !== 'none' && isBounded,
        radius,
        minimum: minimum.point,
      })
    : left
  return {
    dimension: cell.landscape.dimension,
    start: { distance: start, random: base.random },
    set: {
      kind: dimension < cell.landscape.dimension ? 'tube' : 'ball',
      among,
      radius,
      chosen: options.radius !== undefined ? 'option' : clearance.kind === 'ball' ? 'escape' : 'best',
    },
    escape,
    statement:
      noisy !== null ? noisy.chain.kind : 'reason' in drift ? 'none' : 'landscape' in drift ? 'additive' : 'vanishing',
    steps: cell.trial.steps,
    bounds: bounds === null ? null : { ...bounds, certificate: 'reason' in certificate ? null : certificate.escape },
    convergence,
    forever:
      noisy !== null
        ? { reason: 'Theorem 3 holds only within a horizon' }
        : foreverOf(known, contraction, terms, { vanishes: vanishing !== null, holds: holdsFor }),
    leaves: leavesSurely(noisy?.chain.additive ?? additive),
    measure: measureHint(cell, { minimum: minimum.point, name: base.name, among, radius }),
    minimum: {
      point: minimum.point,
      name: base.name,
      loss: minimum.loss,
      gradnorm: minimum.gradnorm,
      error: curvature.meanMu > 0 ? minimum.gradnorm / curvature.meanMu : null,
    },
    curvature,
    conditions,
    vanishing: vanishing === null || 'reason' in vanishing || !holdsFor ? null : vanishing,
    certificate,
    horizon:
      additive?.stationary === true &&
      contraction !== null &&
      contraction.scale(0) > 0 &&
      terms?.gaussian === true &&
      holdsFor
        ? { delta, steps: safeHorizon(contraction, within, delta) }
        : null,
  }
}

/** Raises a probability by more than the relative rounding error of a product of tails. */
const roundedUp = (escape: number | null): number | null => (escape === null ? null : Math.min(1, escape * (1 + 1e-11)))

function vanishingOf(
  drift: VanishingDrift,
  { meanMu: mu, meanLambda: lambda, radius }: Curvature,
  dimension: number,
  start: number,
) {
  return vanishingBound(drift, { dimension, mu, lambda }, { start, radius })
}

/** Theorem 3 gives only upper bounds on the probability of leaving. */
function noisyOnly({ exponential, doob }: NoisyBounds): Omit<AdditiveBounds, 'certificate'> {
  return { stay: null, escape: null, upper: null, lower: null, error: 0, missing: null, union: null, exponential, doob }
}

/**
 * Whether statement (iv) holds: from every point of the set, a step leaves the set with a probability of at least P(|s
 * xi| >= r) > 0.
 */
function leavesSurely(chain: AdditiveChain | null): boolean {
  return chain?.stationary === true && driftLaw(chain.law).isStandardNormal && chain.scale(0) > 0
}

function foreverOf(
  { cell, options, start, curvature, chain }: Known,
  contraction: Contraction | null,
  terms: LawTerms | null,
  { vanishes, holds }: { readonly vanishes: boolean; readonly holds: boolean },
): TheoremAnswer['forever'] {
  if (contraction === null)
    return { reason: vanishes ? "the drift is not additive: see Theorem 1'" : 'Theorem 1 does not cover the update' }
  if (!holds) return { reason: 'the conditions do not hold' }
  const isSilent = contraction.stationary && contraction.scale(0) === 0
  if (contraction.stationary && !isSilent) {
    // If the length of the drift is bounded, it may be too short for any trial to leave the set.
    const isBounded = !('reason' in chain) && Number.isFinite(driftLaw(chain.law).largest)
    const fate = isBounded ? 'no trial comes to rest' : 'every trial leaves the set in the end, P(tau < infinity) = 1'
    return { reason: `eta and the drift are constant: ${fate}` }
  }
  if (terms?.gaussian !== true && !isSilent) return { reason: 'tails are computed only for Gaussian drift' }
  const decay = decayOf(cell)
  if ('reason' in decay) return decay
  const within = { radius: curvature.radius, start, steps: cell.trial.steps }
  return foreverAnswer(contraction, decay, within, options.distances)
}
