import { elementary, zeros } from '@driftfarm/formula'
import { logRise } from '../ball/exponential.ts'
import { divide, type Interval, multiply, point, power } from '../interval/interval.ts'
import { stationaryCovariance } from '../linear/recursion.ts'
import { determinant, exactly, growthOf, type Move, type Symmetric, traceOf, zeroNoise } from './growth.ts'

const { exp, log } = elementary

/** The probability that a trial leaves the ball within `steps` steps from rest, v_0 = 0. */
export interface MomentumQuestion extends Move {
  readonly dimension: number
  readonly radius: number
  readonly start: number
  readonly steps: number
  /** The proxy variance of a step's noise in each coordinate; null if no proxy variance is known. */
  readonly proxy: Symmetric<Interval> | null
  /** The second moments of a step's noise, summed over the coordinates; null if unknown. */
  readonly moments: Symmetric<Interval> | null
}

export type MomentumBounds = ReturnType<typeof momentumBounds>

/** Covers the rounding of sums and exponentials. The rounding in the matrices is covered by interval arithmetic. */
const margin = 1e-9
/** With so large a variance, the norm almost ignores the velocity. */
const velocityVariance = 1e8
/**
 * The scales of P = Q^-1 that the search tries. They are given as multiples of the scale above which
 * E exp(|A_h z + noise|_Q^2) is finite.
 */
const multiples = [1.02, 1.05, 1.1, 1.2, 1.4, 1.7, 2, 2.5, 3, 4, 6, 10, 20, 50] as const
const search = {
  first: { size: 0.3, rounds: 60 },
  again: { size: 0.1, rounds: 200 },
  quick: { size: 0.3, rounds: 80 },
} as const

/**
 * Returns P = Q^-1 as the covariance of a position x and a velocity v = u x + r. x has variance p. r has variance p w
 * and is uncorrelated with x.
 */
function covarianceOf(logP: number, u: number, logW: number): Symmetric<number> {
  const p = exp(logP)
  return { xx: p, xv: p * u, vv: p * (u * u + exp(logW)) }
}

/**
 * If the exponential bound is below 1, `norm` is the norm in which it was computed; else the norm in which a step
 * contracts most.
 */
export function momentumBounds(question: MomentumQuestion) {
  const shapes = startsOf(question)
  const contraction = bestOf((at) => squareOf(question, covarianceOf(0, ...(at as Two))), shapes).at as Two
  const still = covarianceOf(0, ...contraction)
  const starts = [contraction, ...shapes]
  const doob = question.moments === null ? null : doobOf(question, starts)
  const isSilent = question.proxy !== null && isZero(question.proxy)
  const contracts = squareOf(question, still) < 1
  if (isSilent || question.proxy === null || !contracts) {
    // Without noise, the probability of an exit is either 0 or 1. If Doob's bound is below 1, the probability is 0.
    const stays = isSilent && contracts && doobOf(question, starts) < 1
    const exponential = question.proxy === null ? null : stays ? 0 : 1
    return { ...reportedNorm(question, still), exponential, doob: contracts ? (stays ? 0 : doob) : null }
  }
  const exponents = exponentialSearch(question, question.proxy, starts)
  const found = bestOf(exponents.value, exponents.starts)
  const value = found.value >= 0 ? 1 : Math.min(1, Math.max(Number.MIN_VALUE, exp(found.value) * (1 + margin)))
  const best = covarianceOf(...(found.at as Three))
  return { ...reportedNorm(question, value < 1 ? best : still), exponential: value, doob }
}

/**
 * Returns a number that is used only to compare balls and to choose one. With noise, the number is the logarithm of an
 * exponential bound, after a short search for the best norm. Without noise, the number is the bound itself, which is 0
 * or 1. If no proxy variance is known, the number is Infinity.
 */
export function quickBound(question: MomentumQuestion): number {
  const { proxy } = question
  if (proxy === null || isZero(proxy)) return momentumBounds(question).exponential ?? Number.POSITIVE_INFINITY
  const { value, starts } = exponentialSearch(question, proxy, startsOf(question))
  const best = starts.reduce((one, other) => (value(other) < value(one) ? other : one))
  return descendSimplex(value, best, search.quick).value
}

type Two = readonly [u: number, logW: number]
type Three = readonly [logP: number, u: number, logW: number]

const isZero = ({ xx, xv, vv }: Symmetric<Interval>) => [xx, xv, vv].every(([low, high]) => low === 0 && high === 0)

/** rho^2. */
const squareOf = (move: Move, covariance: Symmetric<number>): number =>
  growthOf(move, covariance, zeroNoise, 1)?.kappa ?? Number.POSITIVE_INFINITY

/**
 * Returns the shapes of P at which the search for a norm starts: stationary covariances at several curvatures, and a
 * shape whose norm almost ignores the velocity.
 */
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
  return [...stationary, [0, log(velocityVariance)]]
}

function bestOf(f: (at: readonly number[]) => number, starts: readonly (readonly number[])[]): Found {
  const ends = starts.map((start) => descendSimplex(f, start, search.first))
  const best = ends.reduce((one, other) => (other.value < one.value ? other : one))
  return descendSimplex(f, best.at, search.again)
}

/** Returns D_0^2 in the norm, rounded up, and R^2, rounded down. */
function endsOf({ start, radius }: MomentumQuestion, covariance: Symmetric<number>): { from: number; to: number } {
  const p = exactly(covariance)
  return {
    from: multiply(power(point(start), 2), divide(p.vv, determinant(p)))[1],
    to: divide(power(point(radius), 2), p.xx)[0],
  }
}

/**
 * Doob's bound (|z_0|_Q^2 + N tr(Q moments)) / R^2 in the best norm. The search allows only norms in which a step
 * without noise never makes z longer.
 */
function doobOf(question: MomentumQuestion, starts: readonly Two[]): number {
  const { moments, steps } = question
  const bound = (at: readonly number[]): number => {
    const covariance = covarianceOf(0, ...(at as Two))
    const square = squareOf(question, covariance)
    if (!(square <= 1)) return expansionPenalty * square
    const { from, to } = endsOf(question, covariance)
    const added = moments === null || isZero(moments) ? 0 : steps * traceOf(moments, exactly(covariance))[1]
    return ((from + added) / to) * (1 + margin)
  }
  return bestOf(bound, starts).value
}

/** Larger than any useful bound. */
const expansionPenalty = 1e12

/** Returns the logarithm of the exponential bound. The bound may exceed 1. */
function logBound(question: MomentumQuestion, proxy: Symmetric<Interval>, covariance: Symmetric<number>): number {
  const growth = growthOf(question, covariance, proxy, question.dimension)
  if (growth === null) return Number.POSITIVE_INFINITY
  const { from, to } = endsOf(question, covariance)
  const rise = log(question.steps) + logRise({ logA: growth.logA, less: 1 - growth.kappa }, to)
  if (!(rise < Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY
  const top = Math.max(from - to, rise)
  return top + log(exp(from - to - top) + exp(rise - top))
}

/** The logarithm of the bound as a function of P, and for each shape the best of its multiples. */
function exponentialSearch(question: MomentumQuestion, proxy: Symmetric<Interval>, shapes: readonly Two[]) {
  const value = (at: readonly number[]) => logBound(question, proxy, covarianceOf(...(at as Three)))
  const starts = shapes.map(([u, logW]): Three => {
    const least = log(2 * traceOf(proxy, exactly(covarianceOf(0, u, logW)))[1])
    const tries = multiples.map((times): Three => [least + log(times), u, logW])
    return tries.reduce((one, other) => (value(other) < value(one) ? other : one))
  })
  return { value, starts }
}

function reportedNorm(question: MomentumQuestion, covariance: Symmetric<number>) {
  const { xx, xv, vv } = covariance
  const det = determinant(exactly(covariance))[0]
  const { proxy, radius } = question
  return {
    /**
     * Q is a multiple of [[a, b], [b, 1]]. For a step without noise, |A_h z|_Q <= rho |z|_Q for all curvatures h.
     */
    norm: { a: vv / xx, b: -xv / xx, rho: Math.sqrt(squareOf(question, covariance)) },
    /** The proxy length s_Q of a step and the radius R in that norm. s_Q is 0 without noise. */
    scale: proxy === null ? 0 : Math.sqrt(Math.max(0, traceOf(proxy, exactly(covariance))[1]) * (det / xx)),
    radius: (radius * Math.sqrt(det)) / xx,
  }
}

/** Nelder and Mead (1965). */
const moves = { reflect: -1, expand: -2, contract: 0.5, shrink: 0.5 } as const

interface Found {
  readonly at: readonly number[]
  readonly value: number
}

/** The simplex method of Nelder and Mead. `size` is the length of the edges at `start`. The search is deterministic. */
function descendSimplex(
  f: (at: readonly number[]) => number,
  start: readonly number[],
  { size, rounds }: { readonly size: number; readonly rounds: number },
): Found {
  const found = (at: readonly number[]): Found => ({ at, value: f(at) })
  const corners = [found(start), ...start.map((_, i) => found(start.map((x, j) => (i === j ? x + size : x))))]
  const byValue = (one: Found, other: Found) => (one.value === other.value ? 0 : one.value < other.value ? -1 : 1)
  for (let round = 0; round < rounds; round++) {
    corners.sort(byValue)
    const worst = corners.pop()!
    const last = corners.at(-1)!
    const center = start.map((_, i) => corners.reduce((sum, { at }) => sum + at[i]!, 0) / corners.length)
    const along = (share: number) => found(center.map((c, i) => c + share * (worst.at[i]! - c)))
    const reflected = along(moves.reflect)
    if (reflected.value < corners[0]!.value) {
      const expanded = along(moves.expand)
      corners.push(expanded.value < reflected.value ? expanded : reflected)
    } else if (reflected.value < last.value) corners.push(reflected)
    else {
      const contracted = along(moves.contract)
      if (contracted.value < worst.value) corners.push(contracted)
      else {
        const [best] = corners as [Found]
        const shrunk = [...corners.slice(1), worst].map(({ at }) =>
          found(at.map((x, i) => best.at[i]! + moves.shrink * (x - best.at[i]!))),
        )
        corners.splice(1, corners.length, ...shrunk)
      }
    }
  }
  return corners.reduce((one, other) => (other.value < one.value ? other : one))
}
