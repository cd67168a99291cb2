import { elementary } from '@driftfarm/formula'
import type { QuantityName } from '@driftfarm/spec'

/** The state of a trial at one step, as quantities read it. */
export interface QuantitySource {
  readonly theta: Float64Array
  /** theta_0, from which distances are measured. */
  readonly reference: Float64Array
  readonly step: number
  /** NaN without a quench. */
  readonly quenchLoss: number
  loss(): number
  gradientSquared(): number
  squareTo(point: ArrayLike<number>): number
}

/** The operations of `emit/quantities.ts`, in the same order. */
export const scalarQuantities: Readonly<Record<QuantityName, (source: QuantitySource) => number>> = {
  loss: (source) => source.loss(),
  gradnorm: (source) => elementary.sqrt(source.gradientSquared()),
  distance: (source) => elementary.sqrt(source.squareTo(source.reference)),
  step: ({ step }) => step,
  quenchloss: ({ quenchLoss }) => quenchLoss,
}
