import { compileScalar, type Slots } from '@driftfarm/formula'
import { coordinateIndex, type Slope } from '../model/formula.ts'
import type { Model } from '../model/model.ts'
import type { LossFunction } from './lossFunction.ts'
import { networkLoss } from './network.ts'
import { populationLoss } from './population.ts'
import { sampledLoss } from './samples.ts'

export type { LossFunction } from './lossFunction.ts'

/** `data` has the samples row by row; null if the landscape has no samples. */
export function lossFunctionOf(model: Model, data: Float64Array | null): LossFunction {
  const { landscape } = model.cell
  if (landscape.kind === 'population') return populationLoss(landscape)
  if (landscape.kind === 'network') return networkLoss(landscape, data!)
  const { formula } = model
  if (formula.kind === 'none') throw new TypeError('internal error: the formula of this landscape has no expressions')
  return formula.kind === 'sampled' ? sampledLoss(model, formula, data!) : formulaLoss(model, formula)
}

function formulaLoss(model: Model, { loss, gradient, flat }: Slope): LossFunction {
  const { variables, parameters } = model
  const names = [...variables.keys(), coordinateIndex, ...parameters.keys()]
  const slots: Slots = { names: new Map(names.map((name, slot) => [name, slot])), arrays: new Map([['x', 0]]) }
  const values = new Float64Array(names.length)
  const put = (name: string, value: number) => {
    values[slots.names.get(name)!] = value
  }
  for (const [name, value] of parameters) put(name, value)
  const partials = gradient.map((partial) => compileScalar(partial, slots))
  const lossOf = compileScalar(loss, slots)
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
        if (!flat) put(coordinateIndex, i + 1)
        into[i] = partials[flat ? i : 0]!(values, [theta])
      }
    },
    sampleGradient: null,
    batchGradient: null,
  }
}
