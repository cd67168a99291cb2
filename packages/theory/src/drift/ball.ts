import type { DriftLaw } from './driftLaw.ts'
import { uniform } from './uniform.ts'

/** Uniform in the ball of radius sqrt(d + 2); in one dimension on +-sqrt 3. */
export const ball: DriftLaw = {
  ...uniform,
  isJoint: true,
  // Theorem 1' refuses a vector's law for an angle.
  mean: null,
}
