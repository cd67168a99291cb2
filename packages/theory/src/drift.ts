import type { Law } from '@driftfarm/spec'
import type { DriftLaw } from './distribution/driftLaw.ts'
import { drift } from './drift.generated.ts'

type Named<L, Kind> = L extends { readonly kind: infer Kinds } ? (Kind extends Kinds ? Omit<L, 'kind'> : never) : never

/** A law with parameters has a function that makes the distribution from the parameters in the spec. */
const laws = drift satisfies { readonly [Kind in Law['kind']]: DriftLaw | ((numbers: Named<Law, Kind>) => DriftLaw) }

export function driftLaw(law: Law): DriftLaw {
  const known = laws[law.kind] as DriftLaw | ((numbers: Law) => DriftLaw)
  return typeof known === 'function' ? known(law) : known
}

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
