import { nodeCounter } from '@driftfarm/formula'
import type { LossFunction } from '../scalar/lossFunction.ts'
import { gradientCost } from './cost.ts'
import type { Model } from './model.ts'
import { samplesOf } from './samples.ts'

/** Of one operation, 2^-52. */
const unit = 2 ** -52
/**
 * Operations that any loss is taken to have: those of a short formula err by a few units, and rounding favours nobody.
 */
const fewest = 64

/** What ends of descents in a landscape are compared by. */
export interface Comparison {
  /** The absolute error that rounding may leave in a loss of size 1. */
  readonly rounding: number
  /**
   * Steps that lower points between two ends, 256 .. 8,192: fewer where a gradient takes long, since nothing stops a
   * comparison.
   */
  readonly effort: number
}

/** A landscape, and what ends in it are compared by. */
export type Comparable = Pick<LossFunction, 'loss' | 'gradient'> & Comparison

export function comparisonOf(model: Model): Comparison {
  return { rounding: roundingOf(model), effort: effortOf(model) }
}

/** Nanoseconds of a comparison at most, but for the fewest steps. */
const longest = 2e9
const fewestSteps = 256
const mostSteps = 8192

function effortOf(model: Model): number {
  return Math.max(fewestSteps, Math.min(mostSteps, Math.floor(longest / Math.max(1, gradientCost(model)))))
}

/**
 * The absolute error that rounding may leave in a loss of size 1, by the number of terms that are added up: losses that
 * differ by less are not told apart when ends of descents are compared.
 */
function roundingOf(model: Model): number {
  return unit * (fewest + termsOf(model))
}

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
