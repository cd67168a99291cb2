import type { DriftLaw } from './driftLaw.ts'
import { uniform } from './uniform.ts'

/** The uniform law in the ball of radius sqrt(d + 2); in one dimension on [-sqrt 3, sqrt 3]. */
export const ball: DriftLaw = {
  ...uniform,
  isJoint: true,
  // Theorem 1' does not admit a law of a vector as the law of an angle.
  mean: null,
}
