import { elementary } from '@driftfarm/formula'
import { logGammaRatio, logOnePlus, studentTail } from '@driftfarm/statistics'
import { type DriftLaw, studentShape, usual } from '../distribution/driftLaw.ts'
import { byDensity } from '../distribution/factor.ts'
import { poleDetail, type ScalarLaw } from '../distribution/scalarLaw.ts'
import { cauchy } from './cauchy.ts'

const { exp, log, sqrt } = elementary

/** The smallest number of degrees of freedom for which the quadrature of a certificate is accurate enough. */
const minDegrees = 0.5

/** Student's t with nu degrees of freedom, in its standard form (not scaled to variance 1). */
export function student({ nu }: { readonly nu: number }): DriftLaw {
  const variance = nu > 2 ? nu / (nu - 2) : null
  return {
    ...usual,
    variance,
    shape: nu >= minDegrees ? studentShape(nu) : null,
    scalar: () => (nu === 1 ? cauchy.scalar() : scalarOf(nu)),
    powerTail: (x) => studentTail(x, nu),
    factor: (mean, spread) =>
      byDensity({
        mean,
        spread,
        density: densityOf(nu),
        variance: variance ?? Number.POSITIVE_INFINITY,
        moments: nu,
      }),
  }
}

/** The density, computed from its logarithm so that no power overflows. */
function densityOf(nu: number): (x: number) => number {
  const peak = logGammaRatio(nu / 2, 0.5) - log(nu * Math.PI) / 2
  return (x) => exp(peak - ((nu + 1) / 2) * logOnePlus((x * x) / nu))
}

function scalarOf(nu: number): ScalarLaw {
  return {
    density: densityOf(nu),
    upper: (z) => studentTail(z, nu),
    kinks: [],
    breaks: [],
    reach: Number.POSITIVE_INFINITY,
    detail: Math.max(1, poleDetail / sqrt(nu)),
  }
}
