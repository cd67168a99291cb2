import { nodeCounter } from '@driftfarm/formula'
import { samplesOf } from './cell.ts'
import { gradientBound } from './cost.ts'
import type { Model } from './model.ts'

/** Rounding error of one operation, 2^-52. */
const unit = 2 ** -52
/**
 * The rounding error is estimated as `unit` times the sum of this number and the number of terms of the loss. Even a
 * short formula has an error of several times `unit`.
 */
const extraTerms = 64

export type Comparison = ReturnType<typeof comparisonOf>

export function comparisonOf(model: Model) {
  return {
    /**
     * The absolute rounding error that a loss of size 1 may have. When end points of descents are compared, it is part
     * of the difference up to which losses count as equal.
     */
    rounding: unit * (extraTerms + termsOf(model)),
    /**
     * A comparison tells whether two end points of descents lie in one basin. It takes steps that lower the points of a
     * path between the end points. `effort` is the maximum number of these steps, from 256 to 8,192. If a gradient
     * takes a long time, the maximum is smaller, because a comparison cannot be stopped.
     */
    effort: Math.max(minSteps, Math.min(maxSteps, Math.floor(longest / Math.max(1, gradientBound(model))))),
  }
}

/** Time limit of a comparison in nanoseconds. Only a comparison that is limited to `minSteps` steps may take longer. */
const longest = 2e9
const minSteps = 256
const maxSteps = 8192

/** Number of terms of the loss that are added. */
function termsOf({ cell, formula, dimension }: Model): number {
  const { landscape } = cell
  if (landscape.kind === 'population') {
    const { neurons, teachers } = landscape
    return neurons * (neurons + teachers)
  }
  const rows = samplesOf(cell)?.rows ?? 0
  if (landscape.kind === 'network') return rows * landscape.layers.at(-1)! + dimension
  return rows + dimension + (formula.kind === 'none' ? 0 : nodeCounter()(formula.loss))
}
