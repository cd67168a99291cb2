import type { DriftLaw } from '../distribution/driftLaw.ts'
import { refuse } from '../refusal.ts'
import { rademacher } from './rademacher.ts'

/** The uniform distribution on the sphere of radius sqrt d; in one dimension, -1 or 1. */
export const sphere: DriftLaw = {
  ...rademacher,
  isJoint: true,
  scalar: () => refuse('the sphere distribution has no density'),
}
