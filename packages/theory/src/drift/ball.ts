import type { DriftLaw } from './driftLaw.ts'
import { uniform } from './uniform.ts'

/** The uniform distribution in the ball of radius sqrt(d + 2); in one dimension on [-sqrt 3, sqrt 3]. */
export const ball: DriftLaw = {
  ...uniform,
  isJoint: true,
  // `mean` is needed only for the random angle of Theorem 1', which is a single number and not a vector.
  mean: null,
}
