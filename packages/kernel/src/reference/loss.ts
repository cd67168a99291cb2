import { compileScalar, type Slots } from '@driftfarm/formula'
import { coordinateIndex, type Model } from '../model.ts'

/** The landscape as functions of theta, over all samples. */
export interface LossFunction {
  loss(theta: Float64Array): number
  gradient(theta: Float64Array, into: Float64Array): void
}

export function lossFunctionOf(model: Model): LossFunction {
  const { formula, unrolled, variables, parameters } = model
  const names = [...variables.keys(), coordinateIndex, ...parameters.keys()]
  const slots: Slots = { names: new Map(names.map((name, slot) => [name, slot])), arrays: new Map([['x', 0]]) }
  const values = new Float64Array(names.length)
  const put = (name: string, value: number) => {
    values[slots.names.get(name)!] = value
  }
  for (const [name, value] of parameters) put(name, value)
  const partials = formula!.gradient.map((partial) => compileScalar(partial, slots))
  const lossOf = compileScalar(formula!.loss, slots)
  const putTheta = (theta: Float64Array) => {
    for (const [name, index] of variables) put(name, theta[index]!)
  }
  return {
    loss(theta) {
      putTheta(theta)
      return lossOf(values, [theta])
    },
    gradient(theta, into) {
      putTheta(theta)
      for (let i = 0; i < into.length; i++) {
        if (!unrolled) put(coordinateIndex, i + 1)
        into[i] = partials[unrolled ? i : 0]!(values, [theta])
      }
    },
  }
}
