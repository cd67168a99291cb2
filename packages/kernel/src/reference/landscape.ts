import {
  type Condition,
  compileCondition,
  compileScalar,
  type Expression,
  elementary,
  freeNames,
  type Scalar,
  type Slots,
} from '@driftfarm/formula'
import { coordinateIndex, type Model } from '../model.ts'

const quantities = ['loss', 'gradnorm', 'distance', 'step'] as const
type Quantity = (typeof quantities)[number]

/** A model as functions of one theta, one number after the other. */
export class ScalarLandscape {
  readonly gradient: Float64Array
  /** Step of the state, for expressions over it. */
  step = 0
  private readonly slots: Slots
  private readonly values: Float64Array
  private readonly arrays: readonly Float64Array[]
  private readonly partials: readonly Scalar[]
  private readonly lossOf: Scalar
  private readonly conditions = new Map<Expression, { holds: Condition; uses: readonly Quantity[] }>()

  constructor(
    private readonly model: Model,
    readonly theta: Float64Array,
  ) {
    const names = [...model.variables.keys(), coordinateIndex, ...quantities, ...model.parameters.keys()]
    this.slots = { names: new Map(names.map((name, slot) => [name, slot])), arrays: new Map([['x', 0]]) }
    this.values = new Float64Array(names.length)
    this.arrays = [theta]
    for (const [name, value] of model.parameters) this.put(name, value)
    this.gradient = new Float64Array(model.dimension)
    this.partials = model.gradient.map((partial) => compileScalar(partial, this.slots))
    this.lossOf = compileScalar(model.loss, this.slots)
  }

  private put(name: string, value: number): void {
    this.values[this.slots.names.get(name)!] = value
  }

  private putTheta(): void {
    for (const [name, index] of this.model.variables) this.put(name, this.theta[index]!)
  }

  loss(): number {
    this.putTheta()
    return this.lossOf(this.values, this.arrays)
  }

  /** Into `gradient`. */
  computeGradient(): Float64Array {
    const { gradient, partials, values, arrays } = this
    this.putTheta()
    for (let i = 0; i < gradient.length; i++) {
      if (!this.model.unrolled) this.put(coordinateIndex, i + 1)
      gradient[i] = partials[this.model.unrolled ? i : 0]!(values, arrays)
    }
    return gradient
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

  private quantity(name: Quantity): number {
    switch (name) {
      case 'loss':
        return this.loss()
      case 'gradnorm':
        return elementary.sqrt(this.gradientSquared())
      case 'distance':
        return elementary.sqrt(this.squareTo(this.model.cell.start.point))
      case 'step':
        return this.step
    }
  }

  holds(condition: Expression): boolean {
    let compiled = this.conditions.get(condition)
    if (compiled === undefined) {
      const { names } = freeNames(condition)
      const uses = quantities.filter((name) => names.has(name))
      compiled = { holds: compileCondition(condition, this.slots), uses }
      this.conditions.set(condition, compiled)
    }
    this.putTheta()
    for (const name of compiled.uses) this.put(name, this.quantity(name))
    return compiled.holds(this.values, this.arrays)
  }
}
