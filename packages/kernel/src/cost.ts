import { countNodes } from '@driftfarm/formula'
import { type Model, samplesOf } from './model.ts'
import { layersOf } from './network.ts'

/**
 * Nanoseconds of a step of one vector in a landscape that is no plain formula, generously: 1 a product of a weight, 40
 * an activation, 60 an angle, 4 a node of an expression. With batches events may still ask for all samples.
 */
export function landscapeCost(model: Model): number {
  const { landscape } = model.cell
  if (landscape.kind === 'population') {
    const { neurons, teachers, inputs } = landscape
    return neurons * (neurons + teachers) * (60 + 2 * inputs)
  }
  const samples = samplesOf(model.cell)
  if (samples === null) return 0
  const perSample =
    landscape.kind === 'network'
      ? layersOf(landscape).reduce((total, { weights, outputs }) => total + 3 * weights + 40 * outputs, 0)
      : 4 *
        model.sampled!.gradient.reduce((total, partial) => total + countNodes(partial), 0) *
        (model.sampled!.flat ? 1 : model.dimension)
  return perSample * 2 * (samples.rows + (samples.batch?.size ?? 0))
}
