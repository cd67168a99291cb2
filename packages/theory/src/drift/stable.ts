import { elementary } from '@driftfarm/formula'
import { type DriftLaw, usual } from '../distribution/driftLaw.ts'
import { wrapped } from '../distribution/factor.ts'
import { stretched } from '../distribution/scalarLaw.ts'
import { farTail, stableDensity } from '../distribution/stableDensity.ts'
import { cauchy } from './cauchy.ts'
import { gaussianFactor, normal } from './gaussian.ts'

const { exp, power, sqrt } = elementary

/** The characteristic function is exp(-|t|^alpha), so alpha = 2 is the normal distribution with variance 2. */
export function stable({ alpha }: { readonly alpha: number }): DriftLaw {
  const isNormal = alpha === 2
  const isCauchy = alpha === 1
  return {
    ...usual,
    variance: isNormal ? 2 : null,
    isNormal,
    sumExponent: alpha,
    scalar: () => (isCauchy ? cauchy.scalar() : isNormal ? stretched(normal, sqrt(2)) : stableDensity(alpha)),
    powerTail: isNormal ? null : isCauchy ? cauchy.powerTail : (x) => farTail(alpha, x),
    factor(mean, spread) {
      if (isNormal) return gaussianFactor(mean, Math.SQRT2 * spread)
      return isCauchy ? cauchy.factor(mean, spread) : null
    },
    angle: (sigma) => wrapped((k) => exp(-power(k * sigma, alpha))),
  }
}
