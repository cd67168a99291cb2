import type { Law } from '@driftfarm/spec'
import { driftLaw } from './laws.ts'

interface Step {
  readonly law: Law
  readonly eta: number
  /** The scale s that multiplies xi in the step of theta. */
  readonly scale: number
  /**
   * The beta of the momentum rule; the default 0 means no momentum. With momentum, the drift must act on the gradient.
   */
  readonly beta?: number
}

/**
 * Returns the temperature of slow motion about a minimum, in units of the loss. The temperature is the variance that a
 * step adds to a coordinate, divided by 2 eta, or by 2 eta (1 - beta) with momentum. Returns null if the distribution
 * has no finite variance.
 */
export function stepTemperature({ law, eta, scale, beta = 0 }: Step): number | null {
  const { variance } = driftLaw(law)
  return variance === null ? null : (scale * scale * variance) / (2 * Math.abs(eta) * (1 - beta))
}
