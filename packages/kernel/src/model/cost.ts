import { freeNames, nodeCounter } from '@driftfarm/formula'
import type { Model } from './model.ts'
import { layersOf } from './network.ts'
import { samplesOf } from './samples.ts'
import { formulaCost } from './updateCost.ts'

/**
 * Upper estimate, in nanoseconds, of the time that one vector of lanes spends on the landscape in one step. A weight
 * counts 2 ns, a unit 20 ns, an angle 60 ns, and a node of an expression over samples 8 ns. The estimate for a plain
 * formula is 0, because `formulaCost` covers plain formulas.
 */
export function landscapeCost(model: Model): number {
  const samples = samplesOf(model.cell)
  if (samples === null) return model.cell.landscape.kind === 'population' ? populationCost(model) : 0
  const { rows, batch } = samples
  return sampleCost(model) * (batch === null ? rows : batch.size + (eventsUseAllSamples(model) ? rows : 0))
}

/** Upper estimate, in nanoseconds, of the time of a gradient over all samples. Plain formulas are included. */
export function gradientCost(model: Model): number {
  const samples = samplesOf(model.cell)
  if (samples !== null) return sampleCost(model) * samples.rows
  return model.cell.landscape.kind === 'population' ? populationCost(model) : formulaCost(model)
}

function populationCost({ cell: { landscape } }: Model): number {
  if (landscape.kind !== 'population') return 0
  const { neurons, teachers, inputs } = landscape
  return neurons * (neurons + teachers) * (60 + 2 * inputs)
}

function sampleCost(model: Model): number {
  const { cell, formula, dimension } = model
  if (cell.landscape.kind === 'network')
    return layersOf(cell.landscape).reduce((total, { weights, outputs }) => total + 2 * weights + 20 * outputs, 0)
  if (formula.kind !== 'sampled') return 0
  const nodesOf = nodeCounter()
  return 8 * formula.gradient.reduce((total, partial) => total + nodesOf(partial), 0) * (formula.flat ? 1 : dimension)
}

function eventsUseAllSamples({ cell: { trial }, exits, marks, convergeWhen }: Model): boolean {
  if (trial.converge?.kind === 'gradient') return true
  const watched = [...exits, ...marks, ...(convergeWhen === null ? [] : [convergeWhen])]
  return watched.some((e) => ['loss', 'gradnorm'].some((name) => freeNames(e).names.has(name)))
}
