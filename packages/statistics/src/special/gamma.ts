import { elementary } from '@driftfarm/formula'
import { normalQuantile } from './normal.ts'
import { tailIntegral } from './quadrature.ts'
import { newtonInLog } from './root.ts'
import { expMinusLine, logOnePlus, relativeDeviance, stirlingError } from './series.ts'

const { exp, log } = elementary

// The functions in `special/` do not come from a library, so that results are identical to the bit on every machine,
// and the relative error of both tails is small up to 10^15 trials.

/** Above this shape parameter, the series and the continued fraction are slower than the integral. */
const manyEvents = 2000

/**
 * The x with P(X <= x) = tail, where X has the distribution Gamma(shape a >= 1/2, rate 1): half a chi-square quantile
 * with 2a degrees of freedom.
 */
export function gammaLowerQuantile(tail: number, a: number): number {
  return quantile(tail, a, 1)
}

/** The x with P(X >= x) = tail, for the same X. */
export function gammaUpperQuantile(tail: number, a: number): number {
  return quantile(tail, a, -1)
}

/** P(X <= x), where X has the distribution Gamma(shape a > 0, rate 1); relative error about 1e-14 in the lower tail. */
export function gammaLowerTail(x: number, a: number): number {
  if (x <= 0) return 0
  if (x === Number.POSITIVE_INFINITY) return 1
  return x <= a ? tail(x, a, 1) : 1 - tail(x, a, -1)
}

/** P(X >= x), where X has the distribution Gamma(shape a > 0, rate 1); relative error about 1e-14 in the upper tail. */
export function gammaUpperTail(x: number, a: number): number {
  if (x <= 0) return 1
  if (x === Number.POSITIVE_INFINITY) return 0
  return x >= a ? tail(x, a, -1) : 1 - tail(x, a, 1)
}

function tail(x: number, a: number, side: 1 | -1): number {
  return exp(logGammaDensity(a, x)) * tailRatio(a, x, side)
}

/** ln of the density of ln X at x = a, the mode. */
function logPeak(a: number): number {
  return 0.5 * log(a / (2 * Math.PI)) - stirlingError(a)
}

/** Newton's method converges: the density of ln X is log-concave, so both tails have concave logarithms. */
function quantile(tail: number, a: number, side: 1 | -1): number {
  const target = log(tail)
  const peak = logPeak(a)
  return newtonInLog(a * exp((side * normalQuantile(tail)) / Math.sqrt(a)), (x) => {
    const logDensity = peak - x * relativeDeviance((a - x) / x)
    const near = side * (a - x) >= 0
    const ratio = tailRatio(a, x, near ? side : side === 1 ? -1 : 1)
    if (near) return side * (target - logDensity - log(ratio)) * ratio
    const other = exp(logDensity) * ratio
    return (side * (target - logOnePlus(-other)) * (1 - other)) / exp(logDensity)
  })
}

/** The tail beyond x, on the side of x that does not contain the mean a, divided by the density of ln X at x. */
export function tailRatio(a: number, x: number, side: 1 | -1): number {
  if (a > manyEvents) {
    const gap = side * (a - x)
    return tailIntegral(gap, x, (v) => -gap * v - x * expMinusLine(-side * v))
  }
  if (side === 1) {
    let term = 1 / a
    let sum = term
    for (let k = a + 1; term > 1e-17 * sum; k++) {
      term *= x / k
      sum += term
    }
    return sum
  }
  // Legendre's continued fraction of the upper incomplete gamma function (DLMF 8.9.2), by Lentz' method.
  let b = x + 1 - a
  let c = 1e300
  let d = 1 / b
  let h = d
  for (let k = 1; k < 100000; k++) {
    const numerator = -k * (k - a)
    b += 2
    d = 1 / (numerator * d + b)
    c = b + numerator / c
    h *= d * c
    if (Math.abs(d * c - 1) <= 2e-16) break
  }
  return h
}

/** ln of the density of ln X at x, where X has the distribution Gamma(shape a, rate 1): x^a e^-x / Gamma(a). */
export function logGammaDensity(a: number, x: number): number {
  return logPeak(a) - x * relativeDeviance((a - x) / x)
}

/** ln P(X >= x), where X has the distribution Gamma(shape a > 0, rate 1), even if the tail underflows. */
export function logGammaUpperTail(x: number, a: number): number {
  if (!(x > a)) return log(gammaUpperTail(x, a))
  return logGammaDensity(a, x) + log(tailRatio(a, x, -1))
}
