import { elementary } from '@driftfarm/formula'
import { stirlingError } from './stirling.ts'

const { log } = elementary
const halfLogTwoPi = 0.9189385332046727

/** ln Gamma(a) for a > 0: Stirling's formula with all that it leaves out. */
export function logGamma(a: number): number {
  return (a - 0.5) * log(a) - a + halfLogTwoPi + stirlingError(a)
}
