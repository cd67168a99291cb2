import type { Family } from '../evidence/evidence.ts'
import { alphaOf, type Interval } from '../interval/interval.ts'
import { studentQuantile } from '../special/beta.ts'
import { gammaUpperTail } from '../special/gamma.ts'
import type { CellCount, Link } from './family.ts'
import type { Sandwich } from './sandwich.ts'
import type { Grouped } from './sharedNoise.ts'

export interface Parameter extends Interval {
  readonly value: number
}

export interface Coefficient extends Parameter {
  /** The term, or `intercept`. */
  readonly name: string
  /** Standard error: the square root of the variance in `covariance`. */
  readonly error: number
}

export interface FittedCell extends Omit<CellCount, 'noise'> {
  /** The observed value of the fitted quantity: events / exposure, or the mean of values. */
  readonly observed: number
  readonly fitted: number
  /**
   * Square root of the cell's deviance, with the sign of observed - fitted; about standard normal for many events.
   */
  readonly residual: number
}

/** The model link(probability or rate) = sum of coefficients times terms, fitted to the cells. */
export interface Fit {
  /** `normal` is for means of values, see `fitValues`. */
  readonly family: Family | 'normal'
  readonly link: Link
  /** The intercept first, if the fit has one, then the coefficients of the terms. */
  readonly coefficients: readonly Coefficient[]
  /**
   * Covariance of the coefficients, in their order, including the factor `scale`. It is the inverse of the Fisher
   * information if cells are independent, and the sandwich estimator if some share their noise.
   */
  readonly covariance: readonly (readonly number[])[]
  readonly confidence: number
  /** If the likelihood is quadratic, each limit of a coefficient is this many standard errors from the coefficient. */
  readonly quantile: number
  /** Sum of the squared residuals. */
  readonly deviance: number
  /** The deviance expected by chance; for independent cells, the number of cells minus the number of coefficients. */
  readonly expected: number
  /**
   * Degrees of freedom, an integer if cells are independent. The deviance times `freedom` / `expected` has
   * approximately a chi-square distribution with this number of degrees of freedom.
   */
  readonly freedom: number
  /** P-value: the probability of at least this deviance if the model holds; null if `freedom` is 0. */
  readonly pValue: number | null
  /** Pearson's chi-square divided by `expected`, about 1 if the model holds; null if `freedom` is 0. */
  readonly dispersion: number | null
  /** Factor applied to the covariance: the dispersion if it is above 1, else 1. */
  readonly scale: number
  /**
   * Null if all cells are independent. Otherwise, `cells` is the number of cells that share their noise with others.
   * The correlations in each group of such cells are estimated from blocks of trials. `blocks` is the smallest number
   * of blocks of any group.
   */
  readonly shared: { readonly cells: number; readonly blocks: number } | null
  readonly cells: readonly FittedCell[]
}

interface Solution extends Pick<Fit, 'family' | 'link' | 'confidence' | 'deviance' | 'cells'> {
  readonly names: readonly string[]
  readonly sandwich: Sandwich
  /** Pearson's chi-square. */
  readonly pearson: number
  /** How the cells are grouped by their noise. */
  readonly grouped: Grouped
  /** The coefficient with its limits, which are about `quantile` standard errors from it. */
  readonly coefficientOf: (own: number, error: number, quantile: number) => Parameter
}

export function fitFrom(solution: Solution): Fit {
  const { family, link, confidence, names, coefficientOf, sandwich, grouped, cells } = solution
  const fitted = lackOfFit(solution)
  const { covariance, errors, quantile } = scaled(sandwich, fitted, alphaOf(confidence))
  return {
    family,
    link,
    coefficients: names.map((name, own) => {
      const error = errors[own]!
      return { ...coefficientOf(own, error, quantile), name, error }
    }),
    covariance,
    confidence,
    quantile,
    ...fitted,
    shared: sharedIn(grouped),
    cells,
  }
}

type LackOfFit = Pick<Fit, 'deviance' | 'expected' | 'freedom' | 'pValue' | 'dispersion' | 'scale'>

function lackOfFit({ deviance, pearson, sandwich }: Solution): LackOfFit {
  const { mean, freedom } = sandwich.chance
  const dispersion = freedom > 0 ? pearson / mean : null
  return {
    deviance,
    expected: mean,
    freedom,
    pValue: freedom > 0 ? gammaUpperTail(((deviance / mean) * freedom) / 2, freedom / 2) : null,
    dispersion,
    scale: Math.max(1, dispersion ?? 1),
  }
}

/**
 * Limits are computed from the variances of the cells and also from the scatter of the cells about the fit. The wider
 * limits are used, so that coverage is at least nominal. Limits from the variances have nominal coverage only if cells
 * scatter no more than by chance. Student's limits from the scatter allow for the number of cells from which the
 * scatter is estimated.
 */
function scaled({ covariance, freedom }: Sandwich, { scale, dispersion, freedom: cells }: LackOfFit, alpha: number) {
  const widened = covariance.map((row) => Array.from(row, (value) => value * scale))
  const byVariance = studentQuantile(alpha, freedom)
  const byScatter = dispersion === null ? 0 : studentQuantile(alpha, cells) * Math.sqrt(dispersion)
  return {
    covariance: widened,
    errors: widened.map((row, at) => Math.sqrt(row[at]!)),
    quantile: Math.max(byVariance, byScatter) / Math.sqrt(scale),
  }
}

function sharedIn({ groups }: Grouped): Fit['shared'] {
  if (groups.length === 0) return null
  return {
    cells: groups.reduce((sum, { cells }) => sum + cells.length, 0),
    blocks: Math.min(...groups.map(({ blocks }) => blocks)),
  }
}

/** Names the first `most` cells, such as `cells 1, 4 and 2 more`. */
export function cellsListed(indices: readonly number[], most: number): string {
  const more = indices.length > most ? ` and ${indices.length - most} more` : ''
  return `${indices.length === 1 ? 'cell' : 'cells'} ${indices.slice(0, most).join(', ')}${more}`
}
