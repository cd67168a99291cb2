import { nodeCounter } from '@driftfarm/formula'
import { type Model, samplesOf } from './model.ts'

/** Of one operation, 2^-52. */
const unit = 2 ** -52
/** Operations that any loss is taken to have: those of a short formula err by a few units, and rounding favours nobody. */
const fewest = 64

/**
 * The absolute error that rounding may leave in a loss of size 1, by the number of terms that are added up: losses that differ
 * by less are not told apart when ends of descents are compared.
 */
export function roundingOf(model: Model): number {
  return unit * (fewest + termsOf(model))
}

function termsOf({ cell, formula, long, sampled, dimension }: Model): number {
  const { landscape } = cell
  if (landscape.kind === 'population') {
    const { neurons, teachers } = landscape
    return neurons * (neurons + teachers)
  }
  const rows = samplesOf(cell)?.rows ?? 0
  if (landscape.kind === 'network') return rows * landscape.layers.at(-1)! + dimension
  return rows + dimension + nodeCounter()((formula ?? long ?? sampled)!.loss)
}
