import { elementary } from '@driftfarm/formula'
import { tailRatio } from './gamma.ts'
import { relativeDeviance } from './series.ts'
import { stirlingError } from './stirling.ts'

const { exp, log } = elementary

/** ln of the density of ln X at x, for X of Gamma(shape a, rate 1): x^a e^-x / Gamma(a). */
export function logGammaDensity(a: number, x: number): number {
  return 0.5 * log(a / (2 * Math.PI)) - stirlingError(a) - x * relativeDeviance((a - x) / x)
}

/** P(X >= x) for X of Gamma(shape a > 0, rate 1): the regularised upper incomplete gamma function, to 1e-13 relative. */
export function gammaUpperTail(a: number, x: number): number {
  if (!(x > 0)) return 1
  if (x === Number.POSITIVE_INFINITY) return 0
  const density = exp(logGammaDensity(a, x))
  return x >= a ? density * tailRatio(a, x, -1) : 1 - density * tailRatio(a, x, 1)
}

/** P(X <= x). */
export function gammaLowerTail(a: number, x: number): number {
  if (!(x > 0)) return 0
  if (x === Number.POSITIVE_INFINITY) return 1
  const density = exp(logGammaDensity(a, x))
  return x <= a ? density * tailRatio(a, x, 1) : 1 - density * tailRatio(a, x, -1)
}

/** ln P(X >= x): also where the tail is below the smallest number. */
export function logGammaUpperTail(a: number, x: number): number {
  if (!(x > a)) return log(gammaUpperTail(a, x))
  return logGammaDensity(a, x) + log(tailRatio(a, x, -1))
}
