import {
  type Condition,
  compileCondition,
  compileScalar,
  type Expression,
  elementary,
  freeNames,
  NamedValues,
  type Scalar,
  type Slots,
} from '@driftfarm/formula'
import { type QuantityName, quantityNames, quantityOf, sinceMark, type Tables } from '@driftfarm/spec'
import { samplesTable } from '../model/cell.ts'
import { comparisonOf } from '../model/comparison.ts'
import { type Model, partialName } from '../model/model.ts'
import { usedQuantities } from '../model/quantities.ts'
import { type Symmetry, symmetryOf } from '../model/symmetry.ts'
import { curvatureOf, index, sharpness } from './curvature.ts'
import { linearBarrier } from './linearBarrier.ts'
import { lossFunctionOf, testScores } from './loss.ts'
import {
  type Comparable,
  dot,
  type LossFunction,
  type Scores,
  type StepSample,
  squaredDistance,
} from './lossFunction.ts'
import { type StepSampler, type StepStreams, stepSampler } from './stepSamples.ts'

export class ScalarLandscape {
  readonly gradient: Float64Array
  /** theta_0, from which distances are measured. */
  readonly reference: Float64Array
  step = 0
  /** Theta at the first step of each mark that has been reached, by the names of the marks. */
  readonly since = new Map<string, Float64Array>()
  /** Loss at the end of the quench; NaN without a quench. */
  quenchLoss = Number.NaN
  /** Loss of the samples of the last step; NaN before the first step, and if no expression uses it. */
  batchLoss = Number.NaN
  private readonly keepsBatchLoss: boolean
  private readonly named: NamedValues
  private readonly arrays: readonly Float64Array[]
  readonly own: LossFunction
  /** The symmetry by which `matchedbarrier` aligns points. */
  readonly symmetry: Symmetry | null
  readonly comparable: Comparable
  readonly testScores: Scores | null
  private readonly sampler: StepSampler | null
  private streams: StepStreams | null = null
  /** The samples of the step; undefined if steps use the gradient of the loss itself. */
  private samples: readonly StepSample[] | undefined
  private readonly compiled = new Map<Expression, { code: Scalar | Condition; uses: readonly string[] }>()

  constructor(
    private readonly model: Model,
    readonly theta: Float64Array,
    tables: Tables,
  ) {
    const partials = model.shifts.map((_, i) => partialName(i))
    const since = model.cell.trial.marks.map(([name]) => `distance.since.${name}`)
    this.named = new NamedValues([
      ...quantityNames,
      ...since,
      ...model.variables.keys(),
      ...partials,
      ...model.parameters.keys(),
    ])
    this.arrays = [theta]
    this.keepsBatchLoss = usedQuantities(model).has('batchloss')
    this.named.putAll(model.parameters)
    this.gradient = new Float64Array(model.dimension)
    this.reference = new Float64Array(model.dimension)
    this.own = lossFunctionOf(model, tables)
    this.symmetry = symmetryOf(model.cell.landscape)
    this.testScores = testScores(model, tables)
    this.sampler = stepSampler(model.cell, samplesTable(model.cell, tables))
    this.comparable = { ...this.own, ...comparisonOf(model) }
  }

  loss(): number {
    return this.own.loss(this.theta)
  }

  get scores(): Scores {
    return this.own.scores!
  }

  /** Must be called when a trial begins. */
  beginBatches(streams: StepStreams): void {
    this.sampler?.begin()
    this.streams = streams
    this.batchLoss = Number.NaN
  }

  /** Changes the streams from which steps draw, but not the order of the samples. */
  redirectBatches(streams: StepStreams): void {
    this.streams = streams
  }

  /** Makes the random choices of a step. Each gradient of this step then uses the same choices. */
  beginStep(): void {
    const { sampler, streams } = this
    this.samples = streams === null ? undefined : sampler?.draw(streams)
    if (this.keepsBatchLoss) this.batchLoss = this.scores.loss(this.theta, this.samples)
  }

  /** Returns the gradient at `theta` over the samples of the step, in a new array. */
  stepGradient(theta: Float64Array): Float64Array {
    const gradient = new Float64Array(theta.length)
    this.own.gradient(theta, gradient, this.samples)
    return gradient
  }

  computeGradient(): Float64Array {
    this.own.gradient(this.theta, this.gradient)
    return this.gradient
  }

  gradientSquared(): number {
    const gradient = this.computeGradient()
    return dot(gradient, gradient)
  }

  squareTo(point: ArrayLike<number>): number {
    return squaredDistance(this.theta, point)
  }

  valueOf(number: Expression): number {
    return this.evaluate(number, compileScalar) as number
  }

  holds(condition: Expression): boolean {
    return this.evaluate(condition, compileCondition) as boolean
  }

  private evaluate(e: Expression, compile: (e: Expression, slots: Slots) => Scalar | Condition): number | boolean {
    const { named, model, theta } = this
    let known = this.compiled.get(e)
    if (known === undefined) {
      const isHidden = (name: string) => model.variables.has(name) || model.parameters.has(name)
      const uses = [...freeNames(e).names].filter((name) => !isHidden(name) && quantityOf(name) !== null)
      known = { code: compile(e, named.slots), uses }
      this.compiled.set(e, known)
    }
    for (const [name, index] of model.variables) named.put(name, theta[index]!)
    for (const name of known.uses) named.put(name, scalarQuantities[quantityOf(name)!](this, name))
    return known.code(named.values, this.arrays)
  }

  /** `partial` is the partial derivative of the loss with respect to coordinate i. */
  shiftOf(i: number, partial: number): number {
    this.named.put(partialName(i), partial)
    return this.valueOf(this.model.shifts[i]!)
  }
}

/** The operations of `emittedQuantities`, in the same order. */
export const scalarQuantities: Readonly<Record<QuantityName, (source: ScalarLandscape, name: string) => number>> = {
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
