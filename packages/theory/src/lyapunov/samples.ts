import { elementary } from '@driftfarm/formula'
import { type Ball, type Box, leastOver, middle } from '../interval/box.ts'
import type { Derivatives } from '../interval/derivatives.ts'
import {
  add,
  both,
  divide,
  eigenvalueBounds,
  type Interval,
  multiply,
  point,
  power,
  subtract,
} from '../interval/interval.ts'

/**
 * How far the gradients of single samples are from the mean gradient. The values are exact at one point, and upper
 * bounds over a region.
 */
export type SampleSpread = ReturnType<typeof spreadOver>

const spreadOf = (value: number): SampleSpread => ({ largest: value, around: value, trace: value, variance: value })
export const unbounded = spreadOf(Number.POSITIVE_INFINITY)

/**
 * Limits for the number of boxes in branch and bound. Within these limits, the number of boxes is inversely
 * proportional to the number of entries in the gradients and Hessians of all samples.
 */
const boxes = { most: 2000, least: 24 } as const
/** The relative gap between bound and attained value. */
const tolerance = 1e-3

/** Branch and bound over intervals. Numbers are Infinity if unbounded. */
export function sampleSpread(of: Derivatives, ball: Ball): SampleSpread {
  if (of.samples === 1) return spreadOf(0)
  const price = Math.ceil((of.samples * of.dimension * (1 + of.dimension)) / 16)
  const search = { boxes: Math.max(boxes.least, Math.floor(boxes.most / price)), tolerance, scale: 0 }
  const most = (value: (spread: SampleSpread) => number) => {
    const { bound } = leastOver(
      ball,
      (box) => -value(spreadOver(of, box)),
      (at) => -value(spreadOver(of, at.map(point))),
      search,
    )
    return -bound
  }
  return {
    largest: root(most(({ largest }) => squareOf(largest))),
    around: root(most(({ around }) => squareOf(around))),
    trace: most(({ trace }) => trace),
    variance: most(({ variance }) => variance),
  }
}

/** Covers the rounding of a square and of a square root. */
const rounding = 2 ** -50
const squareOf = (x: number): number => x * x * (1 + rounding)
const root = (square: number): number => Math.sqrt(Math.max(0, square)) * (1 + rounding)

export function spreadOver(of: Derivatives, box: Box) {
  const differences = differencesOver(of, box)
  const n = differences.length
  const squares = differences.map(maxSquaredLength)
  const trace = divide(
    squares.reduce((sum, square) => add(sum, [0, square]), point(0)),
    point(n),
  )[1]
  const center = box.map((_, k) => {
    const low = Math.min(...differences.map((difference) => difference[k]![0]))
    const high = Math.max(...differences.map((difference) => difference[k]![1]))
    return point(low + (high - low) / 2)
  })
  const aside = differences.map((difference) =>
    maxSquaredLength(difference.map((side, k) => subtract(side, center[k]!))),
  )
  const covariance = box.flatMap((_, j) =>
    box.map((_, k) => {
      const products = differences.map((difference) =>
        j === k ? power(difference[j]!, 2) : multiply(difference[j]!, difference[k]!),
      )
      return divide(products.reduce(add, point(0)), point(n))
    }),
  )
  const largest = Math.max(...squares)
  return {
    /** M, the largest |grad l_i - grad L|. */
    largest: root(largest),
    /** The radius of a ball, not necessarily around the mean, that contains the gradients of all samples. */
    around: root(Math.min(largest, Math.max(...aside))),
    /** The trace of the covariance of the gradient of one sample. */
    trace,
    /** The largest eigenvalue of that covariance. */
    variance: Math.min(trace, eigenvalueBounds(covariance, box.length)[1]),
  }
}

function maxSquaredLength(vector: readonly Interval[]): number {
  return vector.reduce((sum, side) => add(sum, power(side, 2)), point(0))[1]
}

/**
 * Intersects direct bounds with mean-value bounds around the middle of the box. On a small box, the mean-value bounds
 * are tighter.
 */
function differencesOver(of: Derivatives, box: Box): readonly (readonly Interval[])[] {
  const here = of.each(box)
  const direct = centered(here.map(({ gradient }) => gradient))
  if (box.every(([low, high]) => low === high)) return direct
  const center = middle(box).map(point)
  const steps = box.map((side, k) => subtract(side, center[k]!))
  const there = centered(of.each(center).map(({ gradient }) => gradient))
  const slopes = centered(here.map(({ hessian }) => hessian))
  const { dimension } = of
  return direct.map((difference, i) =>
    difference.map((side, k) => {
      const slope = (j: number) => slopes[i]![k * dimension + j]!
      return both(
        side,
        steps.reduce((sum, step, j) => add(sum, multiply(slope(j), step)), there[i]![k]!),
      )
    }),
  )
}

function centered(vectors: readonly (readonly Interval[])[]): readonly (readonly Interval[])[] {
  const [first] = vectors as [readonly Interval[]]
  const n = point(vectors.length)
  const mean = first.map((_, k) =>
    divide(
      vectors.reduce((sum, vector) => add(sum, vector[k]!), point(0)),
      n,
    ),
  )
  return vectors.map((vector) => vector.map((side, k) => subtract(side, mean[k]!)))
}

/**
 * Relative increase of the result of `proxyVariance`. It covers the rounding error of the logarithm if
 * v < `nearly` M^2, where v is the bound on the variance and M is the bound on |X|.
 */
const margin = 1e-12
/**
 * If v is at least this share of M^2, `proxyVariance` returns Hoeffding's proxy M^2. The least proxy is then hardly
 * smaller than M^2, and its formula loses digits because it divides by log(M^2 / v).
 */
const nearly = 0.999

/**
 * Returns the proxy variance of a random variable X with mean 0, variance at most v and |X| <= M. The proxy variance
 * satisfies E exp(t X) <= exp(t^2 proxy / 2) for all t. Among such X, E exp(t X) is largest for the variable that takes
 * only the values M and -v / M (Bennett 1962). The least proxy of that variable is (M^4 - v^2) / (2 M^2 log(M^2 / v))
 * (Kearns and Saul 1998), which is between v and M^2.
 */
export function proxyVariance(variance: number, largest: number): number {
  const square = largest * largest
  if (square === 0 || variance === 0) return 0
  if (!Number.isFinite(square) || !(variance < nearly * square)) return square
  const q = variance / square
  return (square * (1 - q * q) * (1 + margin)) / (-2 * elementary.log(q))
}
