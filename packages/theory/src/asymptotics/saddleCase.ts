import type { Cell, DataTable } from '@driftfarm/spec'
import { additiveChain, type NotApplicable } from '../chain.ts'
import type { CriticalPoint } from '../minima/critical.ts'
import { fourDigits, pointText } from './asymptotic.ts'
import { type EscapeSet, escapeSet } from './escapeSet.ts'
import { type Passages, passages } from './passages.ts'
import { neighbouringSaddles, type Saddle } from './saddles/neighbouringSaddles.ts'
import { type GaussianSteps, gaussianSteps, otherEvent, type Well, wellOf } from './well.ts'

/** In more dimensions, a search from one minimum is unlikely to find the lowest saddles. */
const largestDimension = 10

export interface SaddleCase {
  readonly steps: GaussianSteps
  readonly well: Well
  readonly escape: EscapeSet
  readonly saddles: readonly Saddle[]
}

export function saddleCase(cell: Cell, data: DataTable | null): SaddleCase | NotApplicable {
  const chain = additiveChain(cell, data)
  if ('reason' in chain) return chain
  const steps = gaussianSteps(chain)
  if ('reason' in steps) return steps
  const other = otherEvent(cell)
  if (other !== null) return other
  const { landscape } = chain
  if (landscape.dimension > largestDimension)
    return {
      reason:
        `the dimension is ${landscape.dimension}; ` +
        `saddles are searched for in at most ${largestDimension} dimensions`,
    }
  const well = wellOf(cell, landscape)
  if ('reason' in well) return well
  const escape = escapeSet(cell, landscape, well.start)
  if ('reason' in escape) return escape
  const wild = coarse(steps.eta, well.minimum)
  if (wild !== null) return wild
  const known = cell.trial.minima.map(([, point]) => Float64Array.from(point))
  return { steps, well, escape, saddles: neighbouringSaddles(well, known) }
}

/**
 * Applies `passages`, and in addition requires that the start is well below the saddles and that steps at the saddles
 * are short.
 */
export function rarePassages(known: SaddleCase, rated: boolean): Passages | NotApplicable {
  const { steps, well } = known
  const found = passages({ ...known, rated })
  if ('reason' in found) return found
  const { temperature } = steps
  const below = found.through[0]!.saddle.at.loss - well.landscape.loss(well.start)
  if (!(below >= temperature))
    return {
      reason:
        `the start is only ${fourDigits(below / temperature)} T below the saddle; ` +
        'this asymptotic formula requires at least 1 T',
    }
  for (const { saddle } of found.through) {
    const wild = coarse(steps.eta, saddle.at)
    if (wild !== null) return wild
  }
  return found
}

function coarse(eta: number, { point, eigenvalues }: CriticalPoint): NotApplicable | null {
  const largest = Math.max(...eigenvalues!.map(Math.abs))
  // The margin allows for the error of the curvatures, which is up to 1e-10 of the largest curvature.
  return eta * largest <= 1 + 1e-6
    ? null
    : {
        reason:
          `eta times the curvature at ${pointText(point)} is ${fourDigits(eta * largest)}; ` +
          'above 1, steps overshoot',
      }
}
