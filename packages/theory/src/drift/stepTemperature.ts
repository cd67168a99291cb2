import type { Law } from '@driftfarm/spec'
import { driftLaw } from './laws.ts'

interface Step {
  readonly law: Law
  readonly eta: number
  /** The scale s of the law on theta. */
  readonly scale: number
  /** Of the momentum rule, whose drift acts on the gradient. */
  readonly beta?: number
}

/**
 * The temperature of slow motion about a minimum, in units of the loss: the variance that a step adds to a coordinate
 * over 2 eta, with momentum over 2 eta (1 - beta). null for a law without variance.
 */
export function stepTemperature({ law, eta, scale, beta = 0 }: Step): number | null {
  const { variance } = driftLaw(law)
  return variance === null ? null : (scale * scale * variance) / (2 * Math.abs(eta) * (1 - beta))
}
