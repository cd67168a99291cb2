import { type Expression, elementary } from '@driftfarm/formula'
import { coordinateIndex, type Model } from '../model.ts'
import { type Slots, scalar, truth } from './scalar.ts'

/** A model as functions of one theta, one number after the other. */
export class ScalarLandscape {
  readonly gradient: Float64Array
  private readonly slots: Slots
  private readonly partials: readonly (() => number)[]
  private readonly lossOf: () => number
  private readonly conditions = new Map<Expression, () => boolean>()

  constructor(
    private readonly model: Model,
    readonly theta: Float64Array,
  ) {
    this.gradient = new Float64Array(model.dimension)
    this.slots = {
      name: (name) => this.named(name),
      element: (index) => theta[index - 1]!,
      indices: new Map(),
    }
    this.partials = model.gradient.map((partial) => scalar(partial, this.slots))
    this.lossOf = scalar(model.loss, this.slots)
  }

  /** Step of the state, for expressions over it. */
  step = 0

  private named(name: string): () => number {
    const parameter = this.model.parameters.get(name)
    if (parameter !== undefined) return () => parameter
    const coordinate = this.model.variables.get(name)
    if (coordinate !== undefined) return () => this.theta[coordinate]!
    switch (name) {
      case 'loss':
        return () => this.loss()
      case 'gradnorm':
        return () => elementary.sqrt(this.gradientSquared())
      case 'distance':
        return () => elementary.sqrt(this.squareTo(this.model.cell.start.point))
      default:
        return () => this.step
    }
  }

  loss(): number {
    return this.lossOf()
  }

  computeGradient(): Float64Array {
    const [first] = this.partials
    if (this.model.unrolled) {
      for (let i = 0; i < this.partials.length; i++) this.gradient[i] = this.partials[i]!()
    } else {
      for (let k = 1; k <= this.model.dimension; k++) {
        this.slots.indices.set(coordinateIndex, k)
        this.gradient[k - 1] = first!()
      }
    }
    return this.gradient
  }

  gradientSquared(): number {
    return this.computeGradient().reduce((total, g, i) => (i === 0 ? g * g : total + g * g), 0)
  }

  squareTo(point: readonly number[]): number {
    return point.reduce((total, p, i) => {
      const difference = this.theta[i]! - p
      return i === 0 ? difference * difference : total + difference * difference
    }, 0)
  }

  holds(condition: Expression): boolean {
    let compiled = this.conditions.get(condition)
    if (compiled === undefined) {
      compiled = truth(condition, this.slots)
      this.conditions.set(condition, compiled)
    }
    return compiled()
  }
}
