import { elementary } from '@driftfarm/formula'
import { type QuantityName, sinceMark } from '@driftfarm/spec'
import type { Symmetry } from '../model/symmetry.ts'
import { curvatureOf, index, sharpness } from './curvature.ts'
import { linearBarrier } from './linearBarrier.ts'
import type { LossFunction, Scores } from './lossFunction.ts'

/** The state of a trial at one step, as quantities read it. */
export interface QuantitySource {
  readonly theta: Float64Array
  /** theta_0, from which distances are measured. */
  readonly reference: Float64Array
  readonly step: number
  /** Theta at the first step of each mark that has been reached, by the names of the marks. */
  readonly since: ReadonlyMap<string, Float64Array>
  /** NaN without a quench. */
  readonly quenchLoss: number
  readonly batchLoss: number
  loss(): number
  gradientSquared(): number
  readonly own: LossFunction
  /** The symmetry by which `matchedbarrier` aligns points. */
  readonly symmetry: Symmetry | null
  readonly scores: Scores
  readonly testScores: Scores | null
  squareTo(point: ArrayLike<number>): number
}

/** The operations of `emit/quantities.ts`, in the same order. */
export const scalarQuantities: Readonly<Record<QuantityName, (source: QuantitySource, name: string) => number>> = {
  loss: (source) => source.loss(),
  gradnorm: (source) => elementary.sqrt(source.gradientSquared()),
  distance: (source) => elementary.sqrt(source.squareTo(source.reference)),
  sharpness: ({ own, theta }) => sharpness(curvatureOf(own), theta),
  trace: ({ own, theta }) => curvatureOf(own).trace(theta),
  index: ({ own, theta }) => index(curvatureOf(own), theta),
  'distance.since': (source, name) => {
    const from = source.since.get(sinceMark(name)!)
    return from === undefined ? Number.NaN : elementary.sqrt(source.squareTo(from))
  },
  linearbarrier: ({ own, reference, theta }) => linearBarrier(own, null, reference, theta),
  matchedbarrier: ({ own, symmetry, reference, theta }) => linearBarrier(own, symmetry, reference, theta),
  step: ({ step }) => step,
  quenchloss: ({ quenchLoss }) => quenchLoss,
  batchloss: ({ batchLoss }) => batchLoss,
  accuracy: ({ scores, theta }) => scores.accuracy(theta),
  testloss: ({ testScores, theta }) => testScores!.loss(theta),
  testaccuracy: ({ testScores, theta }) => testScores!.accuracy(theta),
}
