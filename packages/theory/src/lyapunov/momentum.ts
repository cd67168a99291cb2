import { elementary } from '@driftfarm/formula'
import { add, divide, type Interval, multiply, point, power, subtract } from '../interval/interval.ts'
import { zeros } from '../linear/matrix.ts'
import { stationaryCovariance } from '../premises/lyapunov.ts'
import { logRise } from '../theorem/exponential.ts'
import { determinant, exactly, growthOf, type Move, type Symmetric, zeroNoise } from './growth.ts'
import { descendSimplex, type Found } from './simplex.ts'

const { exp, log } = elementary

/** Leaving the ball within N steps from rest, v_0 = 0, under the heavy ball. */
export interface MomentumQuestion extends Move {
  readonly dimension: number
  /** The radius r of the ball, D_0 and the horizon N. */
  readonly radius: number
  readonly start: number
  readonly steps: number
  /** The proxy variance of the noise of a step in each coordinate; null where it has none. */
  readonly proxy: Symmetric<Interval> | null
  /** The second moments of the noise of a step, summed over the coordinates; null where they are not known. */
  readonly moments: Symmetric<Interval> | null
}

/** The norm |z|_Q that a bound uses. */
export interface Norm {
  /** Q is a multiple of [[a, b], [b, 1]]. */
  readonly a: number
  readonly b: number
  /** A step without noise: |A z|_Q <= rho |z|_Q for all curvatures. */
  readonly rho: number
}

export interface MomentumBounds {
  /** The norm in which a step contracts most, or that of the exponential bound where this says something. */
  readonly norm: Norm
  /** The proxy length s_Q of a step and the radius R in that norm, for Q = [[a, b], [b, 1]]; s_Q 0 without noise. */
  readonly scale: number
  readonly radius: number
  readonly exponential: number | null
  readonly doob: number | null
}

/** Covers the rounding of sums and exponentials; the matrices are bounded by intervals. */
const margin = 1e-9
/** The variance of the velocity that leaves it out of the norm: plain descent needs no more. */
const loose = 1e8
/** Multiples of the least P at which the expectation is finite. */
const multiples = [1.02, 1.05, 1.1, 1.2, 1.4, 1.7, 2, 2.5, 3, 4, 6, 10, 20, 50] as const
/** Rounds of the simplex from every start, again from the best end, and from one start to choose a ball. */
const search = {
  first: { size: 0.3, rounds: 60 },
  again: { size: 0.1, rounds: 200 },
  quick: { size: 0.3, rounds: 80 },
} as const

/** P = Q^-1 from its free numbers: log of the position's variance p, the slope u, and log w of what is left. */
function covarianceOf(logP: number, u: number, logW: number): Symmetric<number> {
  const p = exp(logP)
  return { xx: p, xv: p * u, vv: p * (u * u + exp(logW)) }
}

/** The best bounds that are found for the heavy ball. */
export function momentumBounds(question: MomentumQuestion): MomentumBounds {
  const shapes = startsOf(question)
  const contraction = contractionOf(question, shapes)
  const still = covarianceOf(0, ...contraction)
  const starts = [contraction, ...shapes]
  const doob = question.moments === null ? null : doobOf(question, starts)
  const isSilent = question.proxy !== null && isZero(question.proxy)
  const contracts = squareOf(question, still) < 1
  if (isSilent || question.proxy === null || !contracts) {
    // Without noise Doob's bound is that of the start alone, which stays or says nothing.
    const stays = isSilent && contracts && doobOf(question, starts) < 1
    const exponential = question.proxy === null ? null : stays ? 0 : 1
    return { ...described(question, still), exponential, doob: contracts ? (stays ? 0 : doob) : null }
  }
  const found = exponentialOf(question, question.proxy, starts)
  const value = found.value >= 0 ? 1 : Math.min(1, Math.max(Number.MIN_VALUE, exp(found.value) * (1 + margin)))
  const best = covarianceOf(...(found.at as Three))
  return { ...described(question, value < 1 ? best : still), exponential: value, doob }
}

/** The logarithm of the exponential bound after a short search: the value by which a ball is chosen. */
export function quickBound(question: MomentumQuestion): number {
  const { proxy } = question
  if (proxy === null || isZero(proxy)) return momentumBounds(question).exponential ?? Number.POSITIVE_INFINITY
  const value = (at: readonly number[]) => logBound(question, proxy, covarianceOf(...(at as Three)))
  const starts = startsOf(question).map((shape) => scaled(question, proxy, shape))
  const best = starts.reduce((one, other) => (value(other) < value(one) ? other : one))
  return descendSimplex(value, best, search.quick).value
}

type Two = readonly [u: number, logW: number]
type Three = readonly [logP: number, u: number, logW: number]

const isZero = ({ xx, xv, vv }: Symmetric<Interval>) => [xx, xv, vv].every(([low, high]) => low === 0 && high === 0)

/** rho^2 of the norm. */
const squareOf = (move: Move, covariance: Symmetric<number>): number =>
  growthOf(move, covariance, zeroNoise, 1)?.kappa ?? Number.POSITIVE_INFINITY

/** The shapes of the stationary covariances at some curvatures, and one that all but ignores the velocity. */
function startsOf({ mu, lambda, eta, beta, proxy }: MomentumQuestion): readonly Two[] {
  const stationary = [mu, Math.sqrt(mu * lambda), (mu + lambda) / 2, lambda].flatMap((h): readonly Two[] => {
    const matrix = zeros(2)
    matrix.values.set([1 - eta * h, beta, -eta * h, beta])
    const covariance = zeros(2)
    const isNoisy = proxy !== null && !isZero(proxy)
    covariance.values.set(isNoisy ? [proxy.xx[1], proxy.xv[1], proxy.xv[1], proxy.vv[1]] : [1, 1, 1, 1])
    const found = stationaryCovariance({ matrix, covariance })
    if (found === null) return []
    const [xx, xv, , vv] = found.values as unknown as readonly [number, number, number, number]
    const rest = vv / xx - (xv / xx) ** 2
    return rest > 0 ? [[xv / xx, log(rest)]] : []
  })
  return [...stationary, [0, log(loose)]]
}

/** The best end of a search from several starts, searched again from there. */
function bestOf(f: (at: readonly number[]) => number, starts: readonly (readonly number[])[]): Found {
  const ends = starts.map((start) => descendSimplex(f, start, search.first))
  const best = ends.reduce((one, other) => (other.value < one.value ? other : one))
  return descendSimplex(f, best.at, search.again)
}

/** The shape in which a step contracts most. */
function contractionOf(move: Move, starts: readonly Two[]): Two {
  return bestOf((at) => squareOf(move, covarianceOf(0, ...(at as Two))), starts).at as Two
}

/** D_0^2 in the norm, rounded up, and R^2, rounded down. */
function endsOf({ start, radius }: MomentumQuestion, covariance: Symmetric<number>): { from: number; to: number } {
  const p = exactly(covariance)
  return {
    from: multiply(power(point(start), 2), divide(p.vv, determinant(p)))[1],
    to: divide(power(point(radius), 2), p.xx)[0],
  }
}

/** Doob's bound (|z_0|_Q^2 + N tr(Q moments)) / R^2 in the best norm in which no step leads away. */
function doobOf(question: MomentumQuestion, starts: readonly Two[]): number {
  const { moments, steps } = question
  const bound = (at: readonly number[]): number => {
    const covariance = covarianceOf(0, ...(at as Two))
    const square = squareOf(question, covariance)
    if (!(square <= 1)) return away * square
    const { from, to } = endsOf(question, covariance)
    const added = moments === null || isZero(moments) ? 0 : steps * traceOf(moments, covariance)[1]
    return ((from + added) / to) * (1 + margin)
  }
  return bestOf(bound, starts).value
}

/** What a norm is charged in which a step may lead away; more than any bound that says something. */
const away = 1e12

/** tr(N P^-1). */
function traceOf(noise: Symmetric<Interval>, covariance: Symmetric<number>): Interval {
  const p = exactly(covariance)
  const crossed = multiply(point(2), multiply(noise.xv, p.xv))
  return divide(subtract(add(multiply(noise.xx, p.vv), multiply(noise.vv, p.xx)), crossed), determinant(p))
}

/** The logarithm of the exponential bound in the norm P^-1, which may be above 0. */
function logBound(question: MomentumQuestion, proxy: Symmetric<Interval>, covariance: Symmetric<number>): number {
  const growth = growthOf(question, covariance, proxy, question.dimension)
  if (growth === null) return Number.POSITIVE_INFINITY
  const { from, to } = endsOf(question, covariance)
  const rise = log(question.steps) + logRise({ logA: growth.logA, less: 1 - growth.kappa }, to)
  if (!(rise < Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY
  const top = Math.max(from - to, rise)
  return top + log(exp(from - to - top) + exp(rise - top))
}

function exponentialOf(question: MomentumQuestion, proxy: Symmetric<Interval>, shapes: readonly Two[]): Found {
  const value = (at: readonly number[]) => logBound(question, proxy, covarianceOf(...(at as Three)))
  return bestOf(
    value,
    shapes.map((shape) => scaled(question, proxy, shape)),
  )
}

/** The best of some multiples of a shape. */
function scaled(question: MomentumQuestion, proxy: Symmetric<Interval>, [u, logW]: Two): Three {
  const least = log(2 * traceOf(proxy, covarianceOf(0, u, logW))[1])
  const value = (at: Three) => logBound(question, proxy, covarianceOf(...at))
  const tries = multiples.map((times): Three => [least + log(times), u, logW])
  return tries.reduce((one, other) => (value(other) < value(one) ? other : one))
}

/** The norm of P^-1 in the numbers that answers show. */
function described(question: MomentumQuestion, covariance: Symmetric<number>) {
  const { xx, xv, vv } = covariance
  const det = determinant(exactly(covariance))[0]
  const { proxy, radius } = question
  return {
    norm: { a: vv / xx, b: -xv / xx, rho: Math.sqrt(squareOf(question, covariance)) },
    scale: proxy === null ? 0 : Math.sqrt(Math.max(0, traceOf(proxy, covariance)[1]) * (det / xx)),
    radius: (radius * Math.sqrt(det)) / xx,
  }
}
