import type { LandscapeFunction } from '@driftfarm/kernel'
import type { Ball } from '../interval/box.ts'
import type { Derivatives } from '../interval/derivatives.ts'
import { eigenvalueBounds } from '../interval/eigenvalues.ts'
import { add, both, divide, hull, type Interval, multiply, point, subtract } from '../interval/interval.ts'
import { leastOver, type Search } from '../interval/least.ts'
import { spectrum } from '../linear/spectrum.ts'
import { hessian } from '../minima/curvature.ts'
import { directions } from './directions.ts'

/** How reliably the bounds of the curvature are known. */
export type Surety = 'interval arithmetic' | 'estimate'

/** The curvature of the landscape in a ball about its minimum. */
export interface Curvature {
  readonly radius: number
  /** mu <= every eigenvalue of Hess L <= Lambda on the ball. */
  readonly mu: number
  readonly lambda: number
  /**
   * Bounds of the eigenvalues of the mean Hessian between the minimum and any point of the ball, the integral over 0 <=
   * t <= 1 of Hess L(theta* + t (theta - theta*)). Since grad L(theta) is this matrix times theta - theta*, these
   * bounds say by how much a step contracts.
   */
  readonly meanMu: number
  readonly meanLambda: number
  readonly how: Surety
}

/**
 * The number of boxes of a search. In several dimensions there are many searches, and each inner ball counts for
 * little.
 */
const boxes = { line: 4000, outermost: 2000, inner: 400 } as const

/**
 * Bounds of the curvature on the balls of radius k radius / count, k = 1 .. count, by branch and bound over intervals.
 * In one dimension the mean Hessian is the slope of a secant of L' and is bounded directly. Otherwise its bound is the
 * mean over k of the bounds on the nested balls. That is a bound because the smallest eigenvalue of a mean is at least
 * the mean of the smallest eigenvalues, and bounds on larger balls are smaller.
 */
export function certifiedCurvature(of: Derivatives, { center, radius }: Ball, count: number): Curvature[] {
  const { dimension } = of
  const eigenvalues = (box: Ball['center'] | readonly Interval[]) =>
    eigenvalueBounds(of.hessian(box.map((side) => (typeof side === 'number' ? point(side) : side))), dimension)
  const [, scale] = eigenvalues(center).map(Math.abs) as [number, number]
  // More samples and more entries of the Hessian make a box more expensive.
  const price = Math.ceil((of.samples * dimension * dimension) / 16)
  const few = (count: number) => Math.max(32, Math.floor(count / price))
  const searchOf = (k: number): Search =>
    dimension === 1
      ? { boxes: few(boxes.line), tolerance: 1e-6, scale: scale || 1 }
      : k === count
        ? { boxes: few(boxes.outermost), tolerance: 1e-3, scale: scale || 1 }
        : { boxes: few(boxes.inner), tolerance: 1e-2, scale: scale || 1 }
  const finite = (x: number) => (Number.isFinite(x) ? x : Number.POSITIVE_INFINITY)
  const found: Curvature[] = []
  let sums = { mu: 0, lambda: 0 }
  for (let k = 1; k <= count; k++) {
    const ball = { center, radius: (radius * k) / count }
    const search = searchOf(k)
    const mu = leastOver(
      ball,
      (box) => eigenvalues(box)[0],
      (at) => finite(eigenvalues(at)[0]),
      search,
    ).bound
    const lambda = -leastOver(
      ball,
      (box) => -eigenvalues(box)[1],
      (at) => finite(-eigenvalues(at)[1]),
      search,
    ).bound
    // A larger ball cannot have a better bound; if it seems to, its search was more successful.
    const last = found.at(-1)
    const bounds = { mu: Math.min(mu, last?.mu ?? mu), lambda: Math.max(lambda, last?.lambda ?? lambda) }
    sums = { mu: sums.mu + bounds.mu, lambda: sums.lambda + bounds.lambda }
    const isConstant = bounds.mu === bounds.lambda
    const mean = dimension === 1 ? secants(of, ball, search) : ([sums.mu / k, sums.lambda / k] as const)
    found.push({
      radius: ball.radius,
      ...bounds,
      meanMu: isConstant ? bounds.mu : Math.max(mean[0] - Math.abs(mean[0]) * 1e-14, bounds.mu),
      meanLambda: isConstant ? bounds.lambda : Math.min(mean[1] + Math.abs(mean[1]) * 1e-14, bounds.lambda),
      how: 'interval arithmetic',
    })
  }
  return found
}

/** The least and the largest (L'(x) - L'(x*)) / (x - x*) on an interval about x*. */
function secants(of: Derivatives, ball: Ball, search: Search): Interval {
  const [c] = ball.center as [number]
  const center = point(c)
  const [atCenter] = of.gradient([center]) as [Interval]
  const slopes = (x: Interval): Interval => {
    const [between] = of.hessian([hull(x, center)]) as [Interval]
    if (x[0] <= c && x[1] >= c) return between
    // L' on x by its mean value form, which is tight on a narrow interval.
    const middle = point(x[0] + (x[1] - x[0]) / 2)
    const [within] = of.hessian([x]) as [Interval]
    const [there] = of.gradient([middle]) as [Interval]
    const gradient = both(add(there, multiply(within, subtract(x, middle))), of.gradient([x])[0]!)
    return both(between, divide(subtract(gradient, atCenter), subtract(x, center)))
  }
  const finite = (x: number) => (Number.isFinite(x) ? x : Number.POSITIVE_INFINITY)
  const mu = leastOver(
    ball,
    ([x]) => slopes(x!)[0],
    ([x]) => finite(slopes(point(x!))[0]),
    search,
  ).bound
  const lambda = -leastOver(
    ball,
    ([x]) => -slopes(x!)[1],
    ([x]) => finite(-slopes(point(x!))[1]),
    search,
  ).bound
  return [mu, lambda]
}

/** The number of directions in which Hessians are computed; each Hessian costs 2 d gradients and d^3 operations. */
const directionsOf = (dimension: number) => Math.max(4, Math.min(48, Math.floor(160 / dimension)))

/**
 * Estimates of the same bounds from Hessians at points of the balls: along fixed directions, both ways, at every
 * radius. Some point in between may have more or less curvature, so this is no proof.
 */
export function sampledCurvature(landscape: LandscapeFunction, { center, radius }: Ball, count: number): Curvature[] {
  const { dimension } = landscape
  const ends = (theta: Float64Array) => {
    const matrix = hessian(landscape, theta)
    if (!matrix.values.every(Number.isFinite)) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const
    const values = spectrum(matrix)
    return [values[0]!, values.at(-1)!] as const
  }
  const [softest, hardest] = ends(Float64Array.from(center))
  const rays = directions(dimension, directionsOf(dimension)).flatMap((direction) => [
    { direction, mu: softest / 2, lambda: hardest / 2 },
    { direction: direction.map((x) => -x), mu: softest / 2, lambda: hardest / 2 },
  ])
  let [mu, lambda] = [softest, hardest]
  return Array.from({ length: count }, (_, i) => {
    const k = i + 1
    let [meanMu, meanLambda] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const ray of rays) {
      const theta = Float64Array.from(center, (c, j) => c + ((radius * k) / count) * ray.direction[j]!)
      const [low, high] = ends(theta)
      mu = Math.min(mu, low)
      lambda = Math.max(lambda, high)
      // The trapezoidal rule along the ray.
      meanMu = Math.min(meanMu, (ray.mu + low / 2) / k)
      meanLambda = Math.max(meanLambda, (ray.lambda + high / 2) / k)
      ray.mu += low
      ray.lambda += high
    }
    return {
      radius: (radius * k) / count,
      mu,
      lambda,
      meanMu: Math.min(meanMu, softest),
      meanLambda: Math.max(meanLambda, hardest),
      how: 'estimate',
    }
  })
}
