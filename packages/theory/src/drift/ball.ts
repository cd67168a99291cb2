import type { DriftLaw } from '../distribution/driftLaw.ts'
import { uniform } from './uniform.ts'

/** The uniform distribution in the ball of radius sqrt(d + 2); in one dimension on [-sqrt 3, sqrt 3]. */
export const ball: DriftLaw = {
  ...uniform,
  isJoint: true,
}
