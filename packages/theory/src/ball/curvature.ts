import { norm } from '@driftfarm/formula'
import type { LandscapeFunction } from '@driftfarm/kernel'
import { normalQuantile } from '@driftfarm/statistics'
import { type Ball, type Box, leastOver, type Search } from '../interval/box.ts'
import type { Derivatives } from '../interval/derivatives.ts'
import {
  add,
  both,
  divide,
  eigenvalueBounds,
  hull,
  type Interval,
  multiply,
  point,
  subtract,
} from '../interval/interval.ts'
import { spectrum } from '../linear/spectrum.ts'
import { hessian } from '../minima/critical.ts'
import type { Curvature } from '../shapes/index.ts'

/** An inner ball gets fewer boxes than the outermost ball, because each of the many inner balls matters little. */
const boxes = { line: 4000, outermost: 2000, inner: 400 } as const

/** Limits all searches for one answer together. This many interval operations take a second or two. */
const maxOperations = 8e6
/** Each box is evaluated twice: for its bound and at its middle point. */
const boundsPerBox = 2
const minBoxes = 64

/** The number of interval operations that are left. */
export const newBudget = () => ({ left: maxOperations })

const hessianPrice = ({ operations, dimension }: Derivatives): number =>
  operations + (dimension === 1 ? 0 : 8 * dimension ** 3)

/**
 * A bound on the slope of a secant of L' costs this many times as much as a second derivative. The bound needs two
 * first and two second derivatives. A first derivative costs about half as much as a second derivative.
 */
const secantPrice = 3

export const isBoundable = (of: Derivatives): boolean => hessianPrice(of) * minBoxes <= maxOperations

/**
 * Returns bounds on the curvature on the balls of radius k / count * radius, for k = 1 .. count, by branch and bound
 * over intervals. In one dimension, the mean Hessian is the slope of a secant of L' and is bounded directly. In several
 * dimensions, the bounds on the nested balls are averaged. The average of the lower bounds is a lower bound, because
 * the smallest eigenvalue of a mean is at least the mean of the smallest eigenvalues. This average is for a point theta
 * at the edge of the ball. For any other theta, each point of the path from the minimum is in the same nested ball or
 * in a smaller one, whose lower bound is at least as large. The upper bound follows in the same way.
 */
export function certifiedCurvature(of: Derivatives, { center, radius }: Ball, count: number, budget = newBudget()) {
  const { dimension } = of
  if (dimension === 0) return flatBalls(radius, count)
  const eigenvalues = (box: Box) => eigenvalueBounds(of.hessian(box), dimension)
  const [, scale] = eigenvalues(center.map(point)).map(Math.abs) as [number, number]
  const samplesPrice = Math.ceil((of.samples * dimension * dimension) / 16)
  const searchOf = (count: number, tolerance: number): Search => ({
    boxes: Math.max(32, Math.floor(count / samplesPrice)),
    tolerance,
    scale: scale || 1,
  })
  const price = hessianPrice(of)
  /** Bounds all values of a function over a ball. */
  const rangeOver = (ball: Ball, bounds: (box: Box) => Interval, search: Search, price: number): Interval => {
    const least = (value: (range: Interval) => number): number => {
      const at = (place: readonly number[]) => {
        const found = value(bounds(place.map(point)))
        return Number.isFinite(found) ? found : Number.POSITIVE_INFINITY
      }
      const perBox = boundsPerBox * price
      const limited = { ...search, boxes: Math.max(1, Math.min(search.boxes, Math.floor(budget.left / perBox))) }
      const { bound, boxes } = leastOver(ball, (box) => value(bounds(box)), at, limited)
      budget.left -= perBox * boxes
      return bound
    }
    return [least(([low]) => low), -least(([, high]) => -high)]
  }
  const found: Curvature[] = []
  let sums = { mu: 0, lambda: 0 }
  for (let k = 1; k <= count; k++) {
    const ball = { center, radius: (radius * k) / count }
    const search =
      dimension === 1
        ? searchOf(boxes.line, 1e-6)
        : k === count
          ? searchOf(boxes.outermost, 1e-3)
          : searchOf(boxes.inner, 1e-2)
    const [mu, lambda] = rangeOver(ball, eigenvalues, search, price)
    // The averages are valid only if the bounds on a larger ball are never tighter than those on a smaller ball. A
    // search on a larger ball may find tighter bounds; the bounds of the smaller ball then replace them.
    const last = found.at(-1)
    const bounds = { mu: Math.min(mu, last?.mu ?? mu), lambda: Math.max(lambda, last?.lambda ?? lambda) }
    sums = { mu: sums.mu + bounds.mu, lambda: sums.lambda + bounds.lambda }
    const isConstant = bounds.mu === bounds.lambda
    const mean =
      dimension === 1
        ? rangeOver(ball, secants(of, center[0]!), search, secantPrice * price)
        : ([sums.mu / k, sums.lambda / k] as const)
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

function flatBalls(radius: number, count: number): Curvature[] {
  const none = { mu: 0, lambda: 0, meanMu: 0, meanLambda: 0, how: 'interval arithmetic' } as const
  return Array.from({ length: count }, (_, i) => ({ radius: (radius * (i + 1)) / count, ...none }))
}

/** Bounds (L'(x) - L'(x*)) / (x - x*) over an interval about x* = c. */
function secants(of: Derivatives, c: number): (box: Box) => Interval {
  const center = point(c)
  const [atCenter] = of.gradient([center]) as [Interval]
  return ([side]) => {
    const x = side!
    const [between] = of.hessian([hull(x, center)]) as [Interval]
    if (x[0] <= c && x[1] >= c) return between
    // Bounds L' on x by its mean value form, which is tight on a narrow interval.
    const middle = point(x[0] + (x[1] - x[0]) / 2)
    const [within] = of.hessian([x]) as [Interval]
    const [there] = of.gradient([middle]) as [Interval]
    const gradient = both(add(there, multiply(within, subtract(x, middle))), of.gradient([x])[0]!)
    return both(between, divide(subtract(gradient, atCenter), subtract(x, center)))
  }
}

/** In more dimensions, fewer directions are sampled, because each Hessian costs 2 d gradients and d^3 operations. */
const maxDirections = (dimension: number) => Math.max(4, Math.min(48, Math.floor(160 / dimension)))

/** Maximum time for the Hessians of one of the nested balls, in nanoseconds. */
const maxTime = 1e7
/** The eigenvalues of a Hessian take this many nanoseconds times d^3. */
const spectrumTime = 6

/**
 * Estimates the bounds of `certifiedCurvature` from Hessians at points of the balls. The estimate is no proof, because
 * the curvature may be smaller or larger between these points. A gradient takes `cost` nanoseconds.
 */
export function sampledCurvature(
  landscape: LandscapeFunction,
  { center, radius }: Ball,
  count: number,
  cost = 0,
): Curvature[] {
  const { dimension } = landscape
  const ends = (theta: Float64Array) => {
    const matrix = hessian(landscape, theta)
    if (!matrix.values.every(Number.isFinite)) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const
    const values = spectrum(matrix)
    return [values[0]!, values.at(-1)!] as const
  }
  const [softest, hardest] = ends(Float64Array.from(center))
  const each = 2 * dimension * cost + spectrumTime * dimension ** 3
  const affordable = Math.max(1, Math.floor(maxTime / (2 * each)))
  const rays = directions(dimension, Math.min(maxDirections(dimension), affordable)).flatMap((direction) => [
    { direction, mu: softest / 2, lambda: hardest / 2 },
    { direction: direction.map((x) => -x), mu: softest / 2, lambda: hardest / 2 },
  ])
  let [mu, lambda, leastMean, mostMean] = [softest, hardest, softest, hardest]
  return Array.from({ length: count }, (_, i) => {
    const k = i + 1
    let [meanMu, meanLambda] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const ray of rays) {
      const theta = Float64Array.from(center, (c, j) => c + ((radius * k) / count) * ray.direction[j]!)
      const [low, high] = ends(theta)
      mu = Math.min(mu, low)
      lambda = Math.max(lambda, high)
      // The means along the ray, by the trapezoidal rule.
      meanMu = Math.min(meanMu, (ray.mu + low / 2) / k)
      meanLambda = Math.max(meanLambda, (ray.lambda + high / 2) / k)
      ray.mu += low
      ray.lambda += high
    }
    // The ball contains the points of the smaller balls, so its bounds are at least as wide.
    leastMean = Math.min(leastMean, meanMu)
    mostMean = Math.max(mostMean, meanLambda)
    return {
      radius: (radius * k) / count,
      mu,
      lambda,
      meanMu: leastMean,
      meanLambda: mostMean,
      how: 'estimate',
    }
  })
}

/** Returns unit vectors that are the same on every machine. */
export function directions(dimension: number, count: number): readonly (readonly number[])[] {
  if (dimension === 1) return [[1]]
  const next = generator(20261125)
  return Array.from({ length: count }, (_, k) => {
    if (k < dimension && k < count / 2) return Array.from({ length: dimension }, (_, i) => (i === k ? 1 : 0))
    const vector = Array.from({ length: dimension }, () => normalQuantile((next() + 0.5) / 2 ** 32))
    const length = norm(vector)
    return vector.map((x) => x / length)
  })
}

/** Marsaglia's 32-bit xorshift generator (2003). Its quality suffices for choosing directions. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}
