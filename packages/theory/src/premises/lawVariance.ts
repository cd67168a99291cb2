import type { Law } from '@driftfarm/spec'

/** Variance of one coordinate of xi, spherical or not; null where it is infinite or there is none. */
export function lawVariance(law: Law): number | null {
  switch (law.kind) {
    case 'student':
      return law.nu > 2 ? law.nu / (law.nu - 2) : null
    case 'stable':
      // The characteristic function exp(-|t|^2) is that of a normal law of variance 2.
      return law.alpha === 2 ? 2 : null
    case 'cauchy':
      return null
    default:
      return 1
  }
}
