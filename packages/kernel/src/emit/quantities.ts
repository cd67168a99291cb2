import type { QuantityName } from '@driftfarm/spec'
import type { Bounded } from '../model/bounds.ts'
import type { Model } from '../model/model.ts'
import { type Code, code, type Local, vector } from './code/code.ts'
import type { Space } from './space.ts'
import type { Writer } from './writer.ts'

/** The state of one vector of lanes at one step, as the code of quantities reads it. */
export interface QuantitySource {
  readonly model: Model
  readonly space: Space
  readonly writer: Writer
  /** The local that holds the step as a double. */
  readonly step: Local
  /** The loss at the end of the quench; null if it is not known where the code runs. */
  readonly quenchLoss: Local | null
  /** The loss of the samples of the last step. */
  readonly batchLoss: Code
  loss(): Code
  /**
   * For each lane, a bound: a loss above it, or an accuracy below it, decides all conditions that are to be evaluated.
   * Null if the value itself is needed.
   */
  limitOf(name: Bounded): Code | null
  gradientSquared(): Code
  distance(): Code
  /** `name` is `distance.since.MARK`. */
  distanceSince(name: string): Code
  /** Stores theta at the address. */
  storePoint(at: Code): void
  /** Stores theta_0 at the address. */
  storeStart(at: Code): void
  /** Emits `value` where the quantity `key` is first used. Later uses share its result. */
  quantity(key: string, value: () => Code): Code
}

export interface EmittedQuantity {
  /** What an event in each step makes the step compute. Absent: nothing besides `code`. */
  readonly needs?: 'loss' | 'gradient' | 'step'
  /** Returns null if the quantity is not known where the code runs. */
  code(source: QuantitySource, name: string): Code | null
}

/** Calls a function of the landscape or of `assembly/curvature.ts` with the address of theta. */
function curvatureCode(source: QuantitySource, called: 'sharpness' | 'traceOf' | 'negativeEigenvalues'): Code {
  return source.quantity(called, () => {
    const point = code`CURVATURE_POINT`
    source.storePoint(point)
    return vector`${called}(${point})`
  })
}

function barrierCode(source: QuantitySource, called: 'linearBarrierOf' | 'matchedBarrierOf'): Code {
  return source.quantity(called, () => {
    source.storePoint(code`BARRIER_END`)
    source.storeStart(code`BARRIER_START`)
    return vector`${called}()`
  })
}

const untilFunctions = {
  loss: 'lossUntil',
  accuracy: 'accuracyUntil',
  testloss: 'testLossUntil',
  testaccuracy: 'testAccuracyUntil',
} as const

/** A pass over the samples ends as soon as it decides all conditions, if they only compare the score with a bound. */
function scoreCode(source: QuantitySource, name: keyof typeof untilFunctions): Code {
  const limit = source.limitOf(name)
  if (limit !== null) return source.quantity(name, () => source.space.call(source.writer, untilFunctions[name], limit))
  return name === 'loss' ? source.loss() : source.space.score(source.writer, name)
}

export const emittedQuantities: Readonly<Record<QuantityName, EmittedQuantity>> = {
  loss: { needs: 'loss', code: (source) => scoreCode(source, 'loss') },
  gradnorm: {
    needs: 'gradient',
    code: (source) => source.quantity('gradnorm', () => vector`f64x2.sqrt(${source.gradientSquared()})`),
  },
  distance: { code: (source) => source.distance() },
  'distance.since': { code: (source, name) => source.distanceSince(name) },
  sharpness: { code: (source) => curvatureCode(source, 'sharpness') },
  trace: { code: (source) => curvatureCode(source, 'traceOf') },
  index: { code: (source) => curvatureCode(source, 'negativeEigenvalues') },
  linearbarrier: { code: (source) => barrierCode(source, 'linearBarrierOf') },
  matchedbarrier: { code: (source) => barrierCode(source, 'matchedBarrierOf') },
  step: { needs: 'step', code: ({ step }) => step },
  quenchloss: { code: ({ quenchLoss }) => quenchLoss },
  batchloss: { code: ({ batchLoss }) => batchLoss },
  accuracy: { code: (source) => scoreCode(source, 'accuracy') },
  testloss: { code: (source) => scoreCode(source, 'testloss') },
  testaccuracy: { code: (source) => scoreCode(source, 'testaccuracy') },
}
