import type { Law } from '@driftfarm/spec'
import { driftLaw } from './laws.ts'

interface Step {
  readonly law: Law
  readonly eta: number
  /** The scale s that multiplies xi in the step of theta. */
  readonly scale: number
  /** With momentum (beta > 0), the drift must act on the gradient. */
  readonly beta?: number
}

/**
 * The temperature of slow motion about a minimum, in units of the loss. Motion is slow in the limit of small steps, if
 * eta times the curvature is far below 1. Null if the distribution has no finite variance.
 */
export function stepTemperature({ law, eta, scale, beta = 0 }: Step): number | null {
  const { variance } = driftLaw(law)
  return variance === null ? null : (scale * scale * variance) / (2 * Math.abs(eta) * (1 - beta))
}
