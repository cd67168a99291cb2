import { elementary } from '@driftfarm/formula'
import { stirlingError } from './stirling.ts'

/** ln Gamma(a) for a > 0, with an error of about 1e-15 max(1, |ln Gamma(a)|). */
export function logGamma(a: number): number {
  return (a - 0.5) * elementary.log(a) - a + 0.5 * elementary.log(2 * Math.PI) + stirlingError(a)
}
