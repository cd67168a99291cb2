import type { DriftLaw } from './driftLaw.ts'
import { rademacher } from './rademacher.ts'

/** The uniform distribution on the sphere of radius sqrt d; in one dimension, -1 or 1. */
export const sphere: DriftLaw = {
  ...rademacher,
  isJoint: true,
  scalar: () => ({ reason: 'the sphere distribution has no density' }),
  // Theorem 1' does not allow the distribution of a vector as the distribution of an angle.
  mean: null,
}
