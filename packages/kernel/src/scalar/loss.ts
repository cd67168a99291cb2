import { compileScalar, type Slots } from '@driftfarm/formula'
import { samplesOf } from '../model/cell.ts'
import { coordinateIndex, type Formula, type Slope } from '../model/formula.ts'
import type { Model } from '../model/model.ts'
import { type LossFunction, nextBatch, sum } from './lossFunction.ts'
import { networkLoss } from './network.ts'
import { populationLoss } from './population.ts'

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

export function sampledLoss(
  model: Model,
  { loss, gradient, flat, columns }: Extract<Formula, { readonly kind: 'sampled' }>,
  data: Float64Array,
): LossFunction {
  const { rows, batch } = samplesOf(model.cell)!
  const { variables, parameters } = model
  const names = [...columns, ...variables.keys(), coordinateIndex, ...parameters.keys()]
  const slots: Slots = { names: new Map(names.map((name, slot) => [name, slot])), arrays: new Map([['x', 0]]) }
  const values = new Float64Array(names.length)
  const put = (name: string, value: number) => {
    values[slots.names.get(name)!] = value
  }
  for (const [name, value] of parameters) put(name, value)
  const lossOf = compileScalar(loss, slots)
  const partials = gradient.map((partial) => compileScalar(partial, slots))
  const all = Uint32Array.from({ length: rows }, (_, row) => row)
  const mean = (theta: Float64Array, samples: Uint32Array, value: (theta: readonly Float64Array[]) => number) => {
    for (const [name, index] of variables) put(name, theta[index]!)
    const terms = Array.from(samples, (row) => {
      for (const [index, column] of columns.entries()) put(column, data[row * columns.length + index]!)
      return value([theta])
    })
    return sum(terms) / samples.length
  }
  const meanGradient = (theta: Float64Array, samples: Uint32Array, into: Float64Array) => {
    for (let i = 0; i < into.length; i++) {
      put(coordinateIndex, i + 1)
      into[i] = mean(theta, samples, (arrays) => partials[flat ? i : 0]!(values, arrays))
    }
  }
  return {
    loss: (theta) => mean(theta, all, (arrays) => lossOf(values, arrays)),
    gradient: (theta, into) => meanGradient(theta, all, into),
    sampleGradient: (theta, row, into) => meanGradient(theta, Uint32Array.of(row), into),
    batchGradient:
      batch === null
        ? null
        : (theta, stream, order, into) => meanGradient(theta, nextBatch(batch, stream, order), into),
  }
}
