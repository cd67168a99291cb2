import { freeNames, nodeCounter } from '@driftfarm/formula'
import { type Model, samplesOf } from './model.ts'
import { layersOf } from './network.ts'

/**
 * Nanoseconds of a step of one vector in a landscape that is no plain formula, generously: 2 a weight, 20 a unit,
 * 60 an angle, 8 a node of an expression. With batches events may still ask for all samples.
 */
export function landscapeCost(model: Model): number {
  const { landscape } = model.cell
  if (landscape.kind === 'population') {
    const { neurons, teachers, inputs } = landscape
    return neurons * (neurons + teachers) * (60 + 2 * inputs)
  }
  const samples = samplesOf(model.cell)
  if (samples === null) return 0
  const nodesOf = nodeCounter()
  const perSample =
    landscape.kind === 'network'
      ? layersOf(landscape).reduce((total, { weights, outputs }) => total + 2 * weights + 20 * outputs, 0)
      : 8 *
        model.sampled!.gradient.reduce((total, partial) => total + nodesOf(partial), 0) *
        (model.sampled!.flat ? 1 : model.dimension)
  const { rows, batch } = samples
  return perSample * (batch === null ? rows : batch.size + (asksForAll(model) ? rows : 0))
}

/** Whether events look at loss or gradient in every step. */
function asksForAll({ cell: { trial }, exits, marks, convergeWhen }: Model): boolean {
  if (trial.converge?.kind === 'gradient') return true
  const watched = [...exits, ...marks, ...(convergeWhen === null ? [] : [convergeWhen])]
  return watched.some((e) => ['loss', 'gradnorm'].some((name) => freeNames(e).names.has(name)))
}
