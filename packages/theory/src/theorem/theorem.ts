import { type LandscapeFunction, landscapeFunction, scaleFunction } from '@driftfarm/kernel'
import type { Cell, DataTable } from '@driftfarm/spec'
import { type AdditiveChain, additiveChain, type Refusal } from '../chain.ts'
import { TheoryError } from '../error.ts'
import type { Ball } from '../interval/box.ts'
import { type Derivatives, derivativesOf } from '../interval/derivatives.ts'
import { point } from '../interval/interval.ts'
import { norm } from '../linear/matrix.ts'
import { largestDimension } from '../linear/spectrum.ts'
import { additiveBounds, contractionOf, lowerContraction } from './additive.ts'
import type { TheoremAnswer, TheoremCondition } from './answer.ts'
import { chooseBall } from './ball.ts'
import { type Curvature, certifiedCurvature, sampledCurvature } from './curvature.ts'
import { decayOf } from './decay.ts'
import { type Clearance, clearanceOf } from './escapeSet.ts'
import { safeHorizon } from './horizon.ts'
import { type LawTerms, lawTerms } from './law.ts'
import { measureHint } from './measure.ts'
import { type Base, baseOf } from './minimum.ts'
import { productBound } from './product.ts'
import { foreverAnswer } from './restart.ts'
import { type Contraction, mostSteps } from './steps.ts'
import { type VanishingDrift, vanishingBound, vanishingDrift } from './vanishing.ts'

export interface TheoremOptions {
  /** Of the ball; else the cell's escape, or what makes the bound best, decides. */
  readonly radius?: number
  /**
   * |theta_N - theta_0| of measured trials from one start, Infinity where a trial ended before: D_N is at most that plus D_0. For the bound that
   * goes on from the horizon.
   */
  readonly distances?: readonly number[]
}

/** Of the safe horizon. */
const delta = 0.05
/** Balls up to so many times 1 + |theta*| are looked at where nothing limits them. */
const farthest = 64

/**
 * Theorem 1 for a cell: the minimum, the curvature around it and how surely it is known, the three conditions, and what follows for staying
 * near it over the horizon and for ever. `data` is what the landscape's reference stands for, null without one. Throws a TheoryError for a
 * dimension beyond 1000, a radius out of range, and a start from which descent diverges.
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
  const space = reduced(whole, derivatives, base.minimum.point, among)
  const start = norm(among.map((i) => base.start[i]! - base.minimum.point[i]!))
  const chain = additiveChain(cell, data)
  const drift = 'reason' in chain ? vanishingDrift(cell) : chain
  const reach = Math.min(cell.trial.divergence, farthest * (1 + norm(space.center)))
  const clearance = clearanceOf(cell, base.minimum.point, among, derivatives, reach)
  const { steps } = cell.trial
  const score = (curvature: Curvature): number => {
    const { radius } = curvature
    if (!(start < radius && curvature.meanMu > 0)) return Number.POSITIVE_INFINITY
    if ('reason' in drift) return -radius
    if ('landscape' in drift) {
      const contraction = contractionOf(drift, curvature, among.length)
      if (!(largestRho(contraction, steps) <= 1)) return Number.POSITIVE_INFINITY
      return productBound(contraction, { radius, start, steps })?.escape ?? Number.POSITIVE_INFINITY
    }
    const found = vanishingOf(drift, curvature, among.length, start)
    return 'reason' in found ? Number.POSITIVE_INFINITY : found.escape
  }
  const fixed = options.radius ?? (clearance.kind === 'ball' ? clearance.radius : null)
  const most = clearance.radius > 0 ? clearance.radius : reach
  const curvature = chooseBall(space.sure, space.sampled, { fixed, most, least: start, score }, among.length)
  return answer({ cell, options, base, among, start, chain, drift, clearance, curvature, derivatives })
}

function check(cell: Cell, { radius, distances }: TheoremOptions): void {
  if (cell.landscape.dimension > largestDimension)
    throw new TheoryError(
      'DIMENSION',
      `dimension ${cell.landscape.dimension}`,
      'study a smaller instance of the same landscape',
    )
  if (radius !== undefined && !(radius > 0 && Number.isFinite(radius)))
    throw new TheoryError('OPTION', `radius ${radius}`, 'a radius is positive')
  if (distances?.some((distance) => !(distance >= 0)))
    throw new TheoryError('OPTION', 'a distance below 0', 'distances are not negative')
}

/** The landscape in the coordinates that it names, and its curvature there. */
function reduced(
  whole: LandscapeFunction,
  of: Derivatives | null,
  minimum: readonly number[],
  among: readonly number[],
) {
  const size = among.length
  const center = among.map((i) => minimum[i]!)
  const full = <T>(part: ArrayLike<T>, rest: (i: number) => T): T[] => {
    const all = minimum.map((_, i) => rest(i))
    among.forEach((coordinate, i) => {
      all[coordinate] = part[i]!
    })
    return all
  }
  const landscape: LandscapeFunction = {
    dimension: size,
    rounding: whole.rounding,
    effort: whole.effort,
    loss: (theta) => whole.loss(Float64Array.from(full(theta, (i) => minimum[i]!))),
    gradient: (theta, out) => {
      const all = new Float64Array(minimum.length)
      whole.gradient(Float64Array.from(full(theta, (i) => minimum[i]!)), all)
      among.forEach((coordinate, i) => {
        out[i] = all[coordinate]!
      })
    },
  }
  const derivatives: Derivatives | null =
    of === null
      ? null
      : {
          ...of,
          dimension: size,
          loss: (box) => of.loss(full(box, (i) => point(minimum[i]!))),
          gradient: (box) => among.map((i) => of.gradient(full(box, (j) => point(minimum[j]!)))[i]!),
          hessian: (box) => {
            const all = of.hessian(full(box, (i) => point(minimum[i]!)))
            return among.flatMap((i) => among.map((j) => all[i * minimum.length + j]!))
          },
        }
  const ball = (radius: number): Ball => ({ center, radius })
  const sampled = (radius: number, count: number) => sampledCurvature(landscape, ball(radius), count)
  const sure = (radius: number, count: number) => {
    if (derivatives === null) return sampled(radius, count)
    return certifiedCurvature(derivatives, ball(radius), count)
  }
  return { center, sure, sampled }
}

function vanishingOf(
  drift: VanishingDrift,
  { meanMu: mu, meanLambda: lambda, radius }: Curvature,
  dimension: number,
  start: number,
) {
  return vanishingBound(drift, { dimension, mu, lambda }, { start, radius })
}

export function largestRho({ rho, stationary }: Contraction, steps: number): number {
  let largest = 0
  const count = stationary ? 1 : Math.min(steps, mostSteps)
  for (let n = 0; n < count; n++) largest = Math.max(largest, rho(n))
  return largest
}

interface Known {
  readonly cell: Cell
  readonly options: TheoremOptions
  readonly base: Base
  readonly among: readonly number[]
  readonly start: number
  readonly chain: AdditiveChain | Refusal
  readonly drift: AdditiveChain | VanishingDrift | Refusal
  readonly clearance: Clearance
  readonly curvature: Curvature
  readonly derivatives: Derivatives | null
}

function answer(known: Known): TheoremAnswer {
  const { cell, options, base, among, start, chain, drift, clearance, curvature } = known
  const { minimum } = base
  const dimension = among.length
  const { radius } = curvature
  const additive = 'reason' in chain ? null : chain
  const contraction = additive === null ? null : contractionOf(additive, curvature, dimension)
  const terms = additive === null ? null : lawTerms(additive, dimension)
  const vanishing = 'reason' in drift || 'landscape' in drift ? null : vanishingOf(drift, curvature, dimension, start)
  const conditions = [basin(known), stepSizes(known, contraction), driftCondition(known, terms, vanishing)]
  const [first, second, third] = conditions.map(({ holds }) => holds)
  const all = first === true && second === true && third === true
  const within = { radius, start, steps: cell.trial.steps }
  const bounds =
    additive === null || terms === null || contraction === null || dimension === 0
      ? null
      : additiveBounds({ contraction, lower: lowerContraction(additive, curvature, dimension), terms }, within, {
          contracts: first === true && second === true && start < radius,
          bounded: minimum.kind !== 'unsettled' && Number.isFinite(curvature.meanLambda) && start < radius,
        })
  const holdsFor = all && start < radius
  return {
    dimension: cell.landscape.dimension,
    minimum: {
      point: minimum.point,
      name: base.name,
      loss: minimum.loss,
      gradnorm: minimum.gradnorm,
      error: curvature.meanMu > 0 ? minimum.gradnorm / curvature.meanMu : null,
    },
    start: { distance: start, random: base.random },
    set: {
      kind: dimension < cell.landscape.dimension ? 'tube' : 'ball',
      among,
      radius,
      chosen: options.radius !== undefined ? 'option' : clearance.kind === 'ball' ? 'escape' : 'best',
    },
    escape: escapeOf(cell, clearance, curvature),
    curvature,
    statement: 'reason' in drift ? 'none' : 'landscape' in drift ? 'additive' : 'vanishing',
    conditions,
    steps: cell.trial.steps,
    bounds,
    vanishing: vanishing === null || 'reason' in vanishing || !holdsFor ? null : vanishing,
    forever: foreverOf(known, contraction, terms, { vanishes: vanishing !== null, holds: holdsFor }),
    leaves: leavesSurely(additive),
    horizon:
      additive?.stationary === true &&
      contraction !== null &&
      contraction.scale(0) > 0 &&
      terms?.gaussian === true &&
      holdsFor
        ? { delta, steps: safeHorizon(contraction, within, delta) }
        : null,
    measure: measureHint(cell, base.minimum.point, base.name, among, radius),
  }
}

/** Statement (iv): from every point of the set a step leaves with probability P(|s xi| >= r) > 0 at least. */
function leavesSurely(chain: AdditiveChain | null): boolean {
  return chain?.stationary === true && chain.law.kind === 'gaussian' && chain.scale(0) > 0
}

function foreverOf(
  { cell, options, start, curvature }: Known,
  contraction: Contraction | null,
  terms: LawTerms | null,
  { vanishes, holds }: { readonly vanishes: boolean; readonly holds: boolean },
): TheoremAnswer['forever'] {
  if (contraction === null)
    return { reason: vanishes ? "the drift is not additive: see Theorem 1'" : 'the update is not covered' }
  if (!holds) return { reason: 'the conditions do not hold' }
  const isSilent = contraction.stationary && contraction.scale(0) === 0
  if (contraction.stationary && !isSilent)
    return { reason: 'eta and the drift are constant: every trial leaves the set in the end, P(tau < infinity) = 1' }
  if (terms?.gaussian !== true && !isSilent) return { reason: 'tails are computed for Gaussian drift alone' }
  const decay = decayOf(cell)
  if ('reason' in decay) return decay
  return foreverAnswer(contraction, decay, { radius: curvature.radius, start }, cell.trial.steps, options.distances)
}

const short = (x: number): string => String(Number(x.toPrecision(6)))

function basin({ base, among, curvature, derivatives, cell }: Known): TheoremCondition {
  const { mu, lambda, meanMu, meanLambda, radius, how } = curvature
  const numbers = { mu, Lambda: lambda, meanMu, meanLambda, radius }
  const { kind } = base.minimum
  const ends =
    kind === 'saddle'
      ? 'descent from the start ends in a saddle'
      : kind === 'unsettled'
        ? 'descent from the start ends where the gradient does not vanish'
        : null
  if (ends !== null) return { number: 1, holds: false, numbers, text: ends }
  if (kind === 'flat' && among.length === cell.landscape.dimension)
    return {
      number: 1,
      holds: false,
      numbers,
      text: `second derivatives vanish in some direction: ${valleyText(derivatives)}`,
    }
  if (among.length === 0) return { number: 1, holds: false, numbers, text: 'the loss is constant' }
  const surely = how === 'estimate' ? 'estimated from samples, not a proof' : 'proven by interval arithmetic'
  const isTube = among.length < cell.landscape.dimension
  const place = isTube
    ? `the loss names ${among.length} of ${cell.landscape.dimension} coordinates: D is the distance to the valley of minima, in those (v)`
    : 'Hess L'
  const text =
    meanMu > 0
      ? `${isTube ? `${place}; there Hess L` : place} is between ${short(mu)} and ${short(lambda)} on the set, its mean towards the minimum between ${short(meanMu)} and ${short(meanLambda)}: ${surely}`
      : meanMu === Number.NEGATIVE_INFINITY
        ? `no bound of Hess L in the ball of radius ${short(radius)}: it has a kink there, or is not defined everywhere`
        : `the mean curvature towards the minimum may be ${short(meanMu)} in the ball of radius ${short(radius)} (${surely})`
  return { number: 1, holds: meanMu > 0, numbers, text }
}

function valleyText(derivatives: Derivatives | null): string {
  const needed = 'statement (v) needs the distance to the set of minima'
  if (derivatives === null) return `${needed}, which is not known of this landscape`
  return `${needed}, which is known here only where the loss leaves coordinates out altogether`
}

function stepSizes({ cell, curvature, drift }: Known, contraction: Contraction | null): TheoremCondition {
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
    ? `eta = ${short(first)}; Theorem 1' asks of the drift what condition 2 asks of eta`
    : holds
      ? `${first === last ? `eta = ${short(first)} is` : `eta goes from ${short(first)} to ${short(last)}, at most`} below 2/Lambda = ${short(limit)}: rho_n <= ${short(rho)}`
      : `rho_n reaches ${short(rho)}: a step may lead away (2/Lambda = ${short(limit)})`
  return { number: 2, holds, numbers, text }
}

function driftCondition(
  { drift, start, curvature }: Known,
  terms: LawTerms | null,
  vanishing: ReturnType<typeof vanishingOf> | null,
): TheoremCondition {
  const numbers: Record<string, number> = { start }
  const inside = start < curvature.radius
  const outside = inside ? '' : `; but the start is ${short(start)} away, outside the radius ${short(curvature.radius)}`
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
      text: `the drift vanishes at the minimum: E (D'/D)^alpha <= 1 for alpha = ${short(vanishing.alpha)}, ${vanishing.text}${outside}`,
    }
  }
  return { number: 3, holds: false, numbers, text: 'reason' in drift ? `not covered: ${drift.reason}` : 'not covered' }
}

/** What the bracket says of the cell's own escape. */
function escapeOf(
  { trial }: Cell,
  { kind, text, radius: clear }: Clearance,
  curvature: Curvature,
): TheoremAnswer['escape'] {
  const { radius, meanMu, meanLambda } = curvature
  if (kind === 'ball')
    return clear === radius
      ? { kind, ends: 'both', text: `${text}: the bounds are about this event` }
      : radius < clear
        ? {
            kind,
            ends: 'upper',
            text: `${text}: staying in the smaller ball is not escaping, so the upper end holds for it`,
          }
        : { kind, ends: 'none', text: `${text}, and this ball is larger` }
  if (kind === 'none' || kind === 'unknown') return { kind, ends: 'none', text }
  if (kind === 'misses')
    return radius <= clear
      ? { kind, ends: 'upper', text: `${text}: only the upper end holds for the escape` }
      : { kind, ends: 'none', text: `${text}; the ball of radius ${short(radius)} may meet it` }
  const escape = trial.escape
  if (escape?.kind !== 'basin') return { kind, ends: 'none', text }
  const { gradient, eta, steps } = escape.descent
  const rho = Math.max(1 - eta * meanMu, eta * meanLambda - 1)
  const arrives =
    meanMu > 0 &&
    rho < 1 &&
    rho ** steps * radius * meanLambda <= gradient &&
    (2 * gradient) / meanMu <= trial.settledRadius
  return arrives
    ? {
        kind,
        ends: 'upper',
        text: `${text}; from this ball it ends at its minimum, so only the upper end holds for the escape`,
      }
    : { kind, ends: 'none', text: `${text}; it is not shown to end at this minimum from all of the ball` }
}
