import { elementary } from '@driftfarm/formula'
import type { Family } from '../evidence/evidence.ts'
import { expMinusOne, relativeDeviance } from '../special/series.ts'
import type { SharedNoise } from './sharedNoise.ts'

export interface CellCount {
  /** Values in the order of the terms. */
  readonly x: readonly number[]
  readonly events: number
  /** Number of trials, or of steps at risk. */
  readonly exposure: number
  /** Absent if the trials of the cell have independent noise. */
  readonly noise?: SharedNoise | undefined
}

/** The function of the probability (or rate) that is linear in x. */
export type Link = 'log' | 'identity'

export interface Part {
  /** Probability or rate. */
  readonly mean: number
  /** 2 (log-likelihood of the saturated model - log-likelihood). */
  readonly deviance: number
  /** Derivative of the log-likelihood with respect to the predictor. */
  readonly score: number
  /** Fisher information about the predictor. */
  readonly weight: number
  /** Squared residual divided by its variance. */
  readonly pearson: number
}

/**
 * Null if the predictor gives no valid probability or rate. McCullagh and Nelder, Generalized Linear Models, 2nd ed.,
 * ch. 2.
 */
export function partOf(
  { family, link }: { readonly family: Family; readonly link: Link },
  predictor: number,
  { events, exposure }: Pick<CellCount, 'events' | 'exposure'>,
): Part | null {
  const mean = link === 'log' ? elementary.exp(predictor) : predictor
  const rest = family === 'poisson' ? 1 : link === 'log' ? -expMinusOne(predictor) : 1 - predictor
  if (!(mean > 0 && rest > 0 && Number.isFinite(mean))) return null
  const expected = exposure * mean
  const excess = events - expected
  const others = exposure * rest
  const deviance =
    expected * relativeDeviance(excess / expected) +
    (family === 'poisson' ? 0 : others * relativeDeviance(-excess / others))
  // d ln(mean) / d predictor
  const slope = link === 'log' ? 1 : 1 / mean
  return {
    mean,
    deviance: 2 * deviance,
    score: (excess * slope) / rest,
    weight: (expected * slope * slope) / rest,
    pearson: (excess * excess) / (expected * rest),
  }
}
