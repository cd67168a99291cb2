import { elementary } from '@driftfarm/formula'
import { expMinusOne, logOnePlus } from '@driftfarm/statistics'
import { goldenSection } from '../goldenSection.ts'
import { tiny } from '../question/answer.ts'
import { type BallStart, type Contraction, maxSteps } from './contraction.ts'

const { exp, log } = elementary

/** Largest number of steps of a schedule. The sum over all steps is computed for about a hundred values of lambda. */
const maxSummed = 100_000
/** An upper bound on the relative rounding error of the sums. */
const rounding = 1e-9
const maxRoughSteps = 10_000

/**
 * Returns an upper bound on the escape probability for any sub-Gaussian drift with proxy variance s_n^2 in each
 * coordinate. Let D be the distance from the minimum; a trial exits at D >= r. Consider the mean of exp(lambda D^2),
 * with each trial stopped at its exit. In step n, this mean grows by at most c_n = max over 1 <= y <= e^(lambda r^2) of
 * A y^kappa - y, with A = (1 - 2 lambda s_n^2)^(-d/2) and kappa = rho_n^2 / (1 - 2 lambda s_n^2). Hence P(exit) <=
 * e^(-lambda r^2) (e^(lambda D_0^2) + sum c_n), evaluated at the best lambda. The bound is at most 1, and with drift it
 * is at least `tiny`. Returns null if the steps differ (a schedule) and there are more than 100,000 of them.
 */
export function exponentialBound(contraction: Contraction, { radius, start, steps }: BallStart): number | null {
  const { stationary, dimension } = contraction
  if (!stationary && steps > maxSummed) return null
  const kinds = Array.from({ length: stationary ? 1 : steps }, (_, n) => {
    const scale = contraction.scale(n)
    const rho = contraction.rho(n)
    return { rest: (1 - rho) * (1 + rho), variance: scale * scale }
  })
  const repeats = stationary ? steps : 1
  const top = kinds.reduce(
    (least, { rest, variance }) => (variance === 0 ? least : Math.min(least, rest / (2 * variance))),
    Number.POSITIVE_INFINITY,
  )
  if (top === Number.POSITIVE_INFINITY) return 0
  if (!(top > 0)) return 1
  /** Uses logarithms, because e^(lambda r^2) may exceed the largest double. */
  const boundOver = (lambda: number, every = 1): number => {
    const ceiling = lambda * radius * radius
    let sum = exp(lambda * start * start - ceiling)
    for (let n = 0; n < kinds.length; n += every) {
      const { rest, variance } = kinds[n]!
      if (variance === 0) continue
      const g = 1 - 2 * lambda * variance
      const logA = -0.5 * dimension * logOnePlus(-2 * lambda * variance)
      sum += every * repeats * exp(logRise({ logA, less: (rest - 2 * lambda * variance) / g }, ceiling))
    }
    return sum
  }
  const found = minimumOf(boundOver, Math.ceil(kinds.length / maxRoughSteps), top)
  return Math.min(1, found * (1 + rounding) + (steps + 1) * tiny)
}

/**
 * Returns log(max / e^ceiling), where max is the largest A y^kappa - y for 0 <= log y <= ceiling, which is c_n in
 * `exponentialBound`. `less` is 1 - kappa, because kappa itself may round to 1. For kappa >= 1, the
 * maximum is at log y = ceiling. A y^kappa and y may be nearly equal; their difference is computed without
 * cancellation.
 */
export function logRise({ logA, less }: { readonly logA: number; readonly less: number }, ceiling: number): number {
  const free = less <= 0 ? ceiling : less < 1 ? (logA + logOnePlus(-less)) / less : 0
  const before = Math.min(Math.max(free, 0), ceiling)
  return before - ceiling + log(expMinusOne(logA - less * before))
}

/** At this relative width of lambda, the least value is accurate to 1e-16, because f is flat near its minimum. */
const lambdaTolerance = 1e-8

/** The least value of f over 0 < lambda < top. The grid search is cheaper: it lets one step stand for `every` steps. */
function minimumOf(f: (lambda: number, every?: number) => number, every: number, top: number): number {
  const count = 60
  const at = (k: number) => (top * k) / (count + 1)
  let best = 1
  let least = f(at(1), every)
  for (let k = 2; k <= count; k++) {
    const next = f(at(k), every)
    if (next < least) [best, least] = [k, next]
  }
  return Math.min(f(at(best)), goldenSection(f, [at(best - 1), at(best + 1)], 60, lambdaTolerance).value)
}

/**
 * Returns the bound (D_0^2 + d sum s_n^2) / r^2, which follows from Doob's inequality for D^2. It holds for any drift
 * with mean zero and variance s_n^2 in each coordinate, and may exceed 1. Returns null if the steps differ (a
 * schedule) and there are more than a million of them.
 */
export function doobBound(
  { dimension, scale, stationary }: Contraction,
  { radius, start, steps }: BallStart,
): number | null {
  if (!stationary && steps > maxSteps) return null
  let sum = stationary ? steps * scale(0) ** 2 : 0
  if (!stationary) for (let n = 0; n < steps; n++) sum += scale(n) ** 2
  return (start * start + dimension * sum) / (radius * radius)
}
