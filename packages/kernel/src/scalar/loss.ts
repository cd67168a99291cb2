import { compileScalar, NamedValues, type Scalar } from '@driftfarm/formula'
import {
  type DataTable,
  type NetworkLandscape,
  type PopulationLandscape,
  rowReader,
  type Tables,
} from '@driftfarm/spec'
import { samplesOf, samplesTable } from '../model/cell.ts'
import { coordinateIndex, type SampledFormula, type Slope } from '../model/formula.ts'
import type { Model } from '../model/model.ts'
import { type LossFunction, sum } from './lossFunction.ts'
import { networkLoss } from './network.ts'
import { populationLoss } from './population.ts'

export type { LossFunction } from './lossFunction.ts'

/** The loss of a landscape without a formula. */
export function givenLoss(landscape: NetworkLandscape | PopulationLandscape, tables: Tables): LossFunction {
  return landscape.kind === 'population'
    ? populationLoss(landscape)
    : networkLoss(landscape, samplesTable({ landscape }, tables)!)
}

export function lossFunctionOf(model: Model, tables: Tables): LossFunction {
  const { landscape } = model.cell
  if (landscape.kind !== 'formula') return givenLoss(landscape, tables)
  const { formula } = model
  if (formula.kind === 'none') throw new TypeError('internal error: the formula of this landscape has no expressions')
  return formula.kind === 'sampled'
    ? sampledLoss(model, formula, samplesTable(model.cell, tables)!)
    : formulaLoss(model, formula)
}

function formulaLoss(model: Model, slope: Slope): LossFunction {
  const { lossOf, partialOf, named } = compiledSlope(model, slope, [])
  const putTheta = (theta: Float64Array) => {
    for (const [name, index] of model.variables) named.put(name, theta[index]!)
  }
  return {
    loss(theta) {
      putTheta(theta)
      return lossOf(named.values, [theta])
    },
    gradient(theta, into) {
      putTheta(theta)
      for (let i = 0; i < into.length; i++) into[i] = partialOf(i)(named.values, [theta])
    },
    sampleGradient: null,
    batchGradient: null,
  }
}

function sampledLoss(model: Model, formula: SampledFormula, table: DataTable): LossFunction {
  const { rows, batch } = samplesOf(model.cell)!
  const { columns } = formula
  const { lossOf, partialOf, named } = compiledSlope(model, formula, columns)
  const read = rowReader(table)
  const all = Uint32Array.from({ length: rows }, (_, row) => row)
  const mean = (theta: Float64Array, samples: Uint32Array, value: Scalar) => {
    for (const [name, index] of model.variables) named.put(name, theta[index]!)
    const terms = Array.from(samples, (row) => {
      const sample = read(row)
      for (const [index, column] of columns.entries()) named.put(column, sample[index]!)
      return value(named.values, [theta])
    })
    return sum(terms) / samples.length
  }
  const meanGradient = (theta: Float64Array, samples: Uint32Array, into: Float64Array) => {
    for (let i = 0; i < into.length; i++) into[i] = mean(theta, samples, partialOf(i))
  }
  return {
    loss: (theta) => mean(theta, all, lossOf),
    gradient: (theta, into) => meanGradient(theta, all, into),
    sampleGradient: (theta, row, into) => meanGradient(theta, Uint32Array.of(row), into),
    batchGradient: batch === null ? null : meanGradient,
  }
}

/** `partialOf(i)` is the partial derivative by coordinate i, to be evaluated before the next call. */
function compiledSlope({ variables, parameters }: Model, { loss, gradient, flat }: Slope, columns: readonly string[]) {
  const named = new NamedValues([...columns, ...variables.keys(), coordinateIndex, ...parameters.keys()])
  named.putAll(parameters)
  const partials = gradient.map((partial) => compileScalar(partial, named.slots))
  const partialOf = (i: number): Scalar => {
    if (!flat) named.put(coordinateIndex, i + 1)
    return partials[flat ? i : 0]!
  }
  return { named, lossOf: compileScalar(loss, named.slots), partialOf }
}
