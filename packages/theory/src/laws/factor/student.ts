import { elementary } from '@driftfarm/formula'
import { logGamma } from '@driftfarm/statistics'

const { exp, log } = elementary

/** The density of Student's t with nu degrees of freedom. */
export function studentDensity(nu: number): (x: number) => number {
  const peak = logGamma((nu + 1) / 2) - logGamma(nu / 2) - log(nu * Math.PI) / 2
  return (x) => exp(peak - ((nu + 1) / 2) * log(1 + (x * x) / nu))
}
