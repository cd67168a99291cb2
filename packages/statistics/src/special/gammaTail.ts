import { elementary } from '@driftfarm/formula'
import { gammaUpperTail, tailRatio } from './gamma.ts'
import { relativeDeviance } from './series.ts'
import { stirlingError } from './stirling.ts'

const { log } = elementary

/** ln of the density of ln X at x, where X has the distribution Gamma(shape a, rate 1): x^a e^-x / Gamma(a). */
export function logGammaDensity(a: number, x: number): number {
  return 0.5 * log(a / (2 * Math.PI)) - stirlingError(a) - x * relativeDeviance((a - x) / x)
}

/** ln P(X >= x), where X has the distribution Gamma(shape a > 0, rate 1), even if the tail underflows. */
export function logGammaUpperTail(x: number, a: number): number {
  if (!(x > a)) return log(gammaUpperTail(x, a))
  return logGammaDensity(a, x) + log(tailRatio(a, x, -1))
}
