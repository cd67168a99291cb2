import type { DriftLaw } from './driftLaw.ts'
import { rademacher } from './rademacher.ts'

/** Uniform on the sphere of radius sqrt d; in one dimension -1 or 1. */
export const sphere: DriftLaw = {
  ...rademacher,
  isJoint: true,
  scalar: () => ({ reason: 'the law is sphere, which has no density' }),
  // Theorem 1' refuses a vector's law for an angle.
  mean: null,
}
