import { compileScalar, NamedValues, type Scalar } from '@driftfarm/formula'
import {
  type DataTable,
  type NetworkLandscape,
  type PopulationLandscape,
  rowReader,
  type Tables,
} from '@driftfarm/spec'
import { samplesTable, testTable } from '../model/cell.ts'
import { coordinateIndex, type SampledFormula, type Slope } from '../model/formula.ts'
import type { Model } from '../model/model.ts'
import { type LossFunction, type Scores, type StepSample, sum } from './lossFunction.ts'
import { networkLoss } from './network.ts'
import { populationLoss } from './population.ts'

/** The loss of a landscape without a formula. */
export function givenLoss(landscape: NetworkLandscape | PopulationLandscape, tables: Tables): LossFunction {
  return landscape.kind === 'population'
    ? populationLoss(landscape)
    : networkLoss(landscape, samplesTable({ landscape }, tables)!)
}

/** Losses and accuracies of the test samples; null if there are none. */
export function testScores(model: Model, tables: Tables): Scores | null {
  const { landscape } = model.cell
  const table = testTable(model.cell, tables)
  if (table === null || landscape.kind === 'population') return null
  return landscape.kind === 'network'
    ? networkLoss({ ...landscape, data: landscape.test! }, table).scores!
    : sampledLoss(model, model.formula as SampledFormula, table).scores!
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
  }
}

function sampledLoss(model: Model, formula: SampledFormula, table: DataTable): LossFunction {
  const { columns } = formula
  const { lossOf, partialOf, named } = compiledSlope(model, formula, columns)
  const read = rowReader(table)
  const mean = (theta: Float64Array, value: Scalar, samples?: readonly StepSample[]) => {
    for (const [name, index] of model.variables) named.put(name, theta[index]!)
    const count = samples?.length ?? table.rows
    const terms = Array.from({ length: count }, (_, i) => {
      const values = samples?.[i]?.values ?? read(i)
      for (const [index, column] of columns.entries()) named.put(column, values[index]!)
      return value(named.values, [theta])
    })
    return sum(terms) / count
  }
  return {
    loss: (theta) => mean(theta, lossOf),
    gradient(theta, into, samples) {
      for (let i = 0; i < into.length; i++) into[i] = mean(theta, partialOf(i), samples)
    },
    scores: { loss: (theta, samples) => mean(theta, lossOf, samples), accuracy: () => Number.NaN },
    sample: (row) => ({ values: read(row), factors: [] }),
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
