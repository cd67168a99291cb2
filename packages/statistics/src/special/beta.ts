import { elementary } from '@driftfarm/formula'
import { memoized } from '../memoized.ts'
import { normalQuantile, normalTail } from './normal.ts'
import { tailIntegral } from './quadrature.ts'
import { newtonInLog } from './root.ts'
import {
  differenceFromProduct,
  expMinusLine,
  expMinusOne,
  logOnePlus,
  logOnePlusMinus,
  relativeDeviance,
  stirlingError,
} from './series.ts'

const { exp, log } = elementary

/** x and q = 1 - x, both to full precision. */
export interface Split {
  readonly x: number
  readonly q: number
}

export function splitOfOdds(odds: number): Split {
  return { x: odds / (1 + odds), q: 1 / (1 + odds) }
}

/** a - (a + b) x, computed from the smaller of x and q, because the smaller one has no rounding error. */
export function excess(a: number, b: number, { x, q }: Split): number {
  const n = a + b
  return x <= q ? differenceFromProduct(a, n, x) : -differenceFromProduct(b, n, q)
}

/** a ln(a / (n x)) + b ln(b / (n q)), n = a + b: how far x is from a / n, in nats. Relative error about 1e-15. */
export function deviance(a: number, b: number, at: Split, delta = excess(a, b, at)): number {
  const n = a + b
  return n * at.x * relativeDeviance(delta / (n * at.x)) + n * at.q * relativeDeviance(-delta / (n * at.q))
}

/** ln of the density of logit x, which is x^a q^b / B(a, b), at its maximum x = a / n. */
export function logPeak(a: number, b: number): number {
  const n = a + b
  return 0.5 * log(((a / n) * b) / (2 * Math.PI)) + stirlingError(n) - stirlingError(a) - stirlingError(b)
}

/** If the variance of a count, (a + b) * x * q, is above this, the continued fraction is slower than the integral. */
const manyEvents = 2000

/**
 * The lower tail of Beta(a, b) at x. `logDensity` is ln of the density of logit x, and `ratio` is the tail divided by
 * this density.
 */
export function lowerTail(a: number, b: number, at: Split, peak = logPeak(a, b)) {
  const delta = excess(a, b, at)
  const logDensity = peak - deviance(a, b, at, delta)
  if (delta >= 0) {
    const ratio = tailRatio(a, b, at, delta)
    return { logDensity, ratio, logTail: logDensity + log(ratio) }
  }
  const upper = exp(logDensity) * tailRatio(b, a, { x: at.q, q: at.x }, -delta)
  return { logDensity, ratio: (1 - upper) * exp(-logDensity), logTail: logOnePlus(-upper) }
}

/** I_x(a, b), the regularised incomplete beta function; relative error about 1e-14 in the lower tail. */
export function incompleteBeta(x: number, a: number, b: number): number {
  return tailAt({ x, q: 1 - x }, a, b)
}

function tailAt(at: Split, a: number, b: number): number {
  if (at.x <= 0) return 0
  return at.q <= 0 ? 1 : exp(lowerTail(a, b, at).logTail)
}

/** I_x(a, b) B(a, b) / (x^a q^b) for x <= a / n. */
function tailRatio(a: number, b: number, at: Split, delta: number): number {
  const variance = (a + b) * at.x * at.q
  return variance > manyEvents ? byIntegral(a + b, at, delta, variance) : byFraction(a, b, at, delta)
}

/**
 * The integral over v of the density at logit x - v, divided by the density at logit x. The smaller of x and q is used
 * to avoid cancellation.
 */
function byIntegral(n: number, { x, q }: Split, delta: number, variance: number): number {
  const exponent =
    x <= q
      ? (v: number) => -delta * v - n * (x * expMinusLine(-v) + logOnePlusMinus(x * expMinusOne(-v)))
      : (v: number) => -delta * v - n * (q * expMinusLine(v) + logOnePlusMinus(q * expMinusOne(v)))
  return tailIntegral(delta, variance, exponent)
}

/**
 * The even part of the continued fraction of DLMF 8.17.22, in the arrangement of DiDonato and Morris (1992, TOMS 708,
 * eq. 9). Computing `delta` as a - n x would lose digits if x is close to a / n.
 */
function byFraction(a: number, b: number, { x, q }: Split, delta: number): number {
  const c = 1 + delta
  const c0 = b / a
  const c1 = 1 + 1 / a
  let p = 1
  let s = a + 1
  let above = [0, 1] as [number, number]
  let below = [1, c / c1] as [number, number]
  let ratio = c1 / c
  for (let n = 1; n < 100000; n++) {
    const t = n / a
    const w = n * (b - n) * x
    const e = a / s
    const alpha = p * (p + c0) * e * e * (w * x)
    const beta = n + w / s + ((1 + t) / (c1 + t + t)) * (c + n * (1 + q))
    p = 1 + t
    s += 2
    const top = alpha * above[0] + beta * above[1]
    const bottom = alpha * below[0] + beta * below[1]
    const last = ratio
    ratio = top / bottom
    if (Math.abs(ratio - last) <= 1e-16 * ratio) break
    above = [above[1] / bottom, ratio]
    below = [below[1] / bottom, 1]
  }
  return ratio
}

/**
 * The x with P(X <= x) = tail, where X has the distribution Beta(a, b) with a, b >= 1/2; relative error about 1e-15 for
 * tails of at least 1e-250.
 */
export function betaLowerQuantile(tail: number, a: number, b: number): number {
  return quantile(tail, a, b).x
}

/** The x with P(X >= x) = tail, for the same X. */
export function betaUpperQuantile(tail: number, a: number, b: number): number {
  return quantile(tail, b, a).q
}

/** Newton's method converges: the density of logit X is log-concave, so ln of the distribution function is concave. */
function quantile(tail: number, a: number, b: number): Split {
  const peak = logPeak(a, b)
  const target = log(tail)
  const odds = newtonInLog((a / b) * exp(normalQuantile(tail) * Math.sqrt(1 / a + 1 / b)), (at) => {
    const { logTail, ratio } = lowerTail(a, b, splitOfOdds(at), peak)
    return (target - logTail) * ratio
  })
  return splitOfOdds(odds)
}

/**
 * t with P(|T| > t) = alpha, for 1 to infinitely many degrees of freedom f. The variable T^2 / (f + T^2) has the
 * distribution Beta(1/2, f/2).
 */
export function studentQuantile(alpha: number, freedom: number): number {
  return freedom === Number.POSITIVE_INFINITY ? -normalQuantile(alpha / 2) : studentAt(alpha, freedom, 0)
}

/** P(T > t) for t >= 0 and any f > 0. */
export function studentTail(t: number, freedom: number): number {
  if (freedom === Number.POSITIVE_INFINITY) return normalTail(t)
  const n = freedom + t * t
  return tailAt({ x: freedom / n, q: (t * t) / n }, freedom / 2, 0.5) / 2
}

const studentAt = memoized((alpha, freedom) => {
  const x = betaUpperQuantile(alpha, 0.5, freedom / 2)
  return Math.sqrt((freedom * x) / (1 - x))
})
