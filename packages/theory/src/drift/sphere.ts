import type { DriftLaw } from './driftLaw.ts'
import { rademacher } from './rademacher.ts'

/** The uniform law on the sphere of radius sqrt d; in one dimension -1 or 1. */
export const sphere: DriftLaw = {
  ...rademacher,
  isJoint: true,
  scalar: () => ({ reason: 'the sphere distribution has no density' }),
  // Theorem 1' does not admit a law of a vector as the law of an angle.
  mean: null,
}
