import { elementary } from '@driftfarm/formula'
import { gaussLegendre, incompleteBeta, logGamma, logOnePlus } from '@driftfarm/statistics'
import { type DriftLaw, studentShape, usual } from '../distribution/driftLaw.ts'
import { byDensity } from '../distribution/factor.ts'
import { visitNodes } from '../distribution/quadrature.ts'
import { poleDetail, type ScalarLaw } from '../distribution/scalarLaw.ts'
import { cauchy } from './cauchy.ts'

const { atan, cos, exp, log, power, sin, sqrt } = elementary

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
    // T^2 / (nu + T^2) has the distribution Beta(1/2, nu/2).
    powerTail: (x) => incompleteBeta(nu / (nu + x * x), nu / 2, 0.5) / 2,
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
  const peak = logGamma((nu + 1) / 2) - logGamma(nu / 2) - log(nu * Math.PI) / 2
  return (x) => exp(peak - ((nu + 1) / 2) * log(1 + (x * x) / nu))
}

/**
 * If nu is above `narrow`, the integrand sin(a)^(nu - 1) is a narrow peak of width 1/sqrt(nu - 1). The quadrature then
 * extends only over `widths` times this width.
 */
const narrow = 2000
const widths = 9

/** The substitution z = sqrt(nu) / tan(a) turns the density into sin(a)^(nu - 1) / B(nu / 2, 1 / 2). */
function scalarOf(nu: number): ScalarLaw {
  // The substitution a = end * u^smooth weakens the singularity of the integrand at 0.
  const smooth = Math.max(1, Math.ceil(8 / nu))
  const rule = gaussLegendre(80)
  const isNarrow = nu > narrow
  const integral = (end: number) => {
    if (end === 0) return 0
    let sum = 0
    if (isNarrow) {
      const width = Math.min(end, widths / sqrt(nu - 1))
      visitNodes(rule, end - width, end, (a, weight) => {
        // ln sin(a), without cancellation near its maximum.
        const across = cos(a)
        sum += weight * exp(0.5 * (nu - 1) * logOnePlus(-across * across))
      })
      return sum
    }
    visitNodes(rule, 0, 1, (u, weight) => {
      const below = power(u, smooth - 1)
      sum += weight * smooth * below * power(sin(end * u * below), nu - 1)
    })
    return sum * end
  }
  const whole = 2 * integral(0.5 * Math.PI)
  return {
    density: (z) => exp(-0.5 * (nu + 1) * logOnePlus((z * z) / nu)) / (sqrt(nu) * whole),
    upper: (z) => (z === 0 ? 0.5 : integral(atan(sqrt(nu) / z)) / whole),
    kinks: [],
    breaks: [],
    reach: Number.POSITIVE_INFINITY,
    detail: Math.max(1, poleDetail / sqrt(nu)),
  }
}
