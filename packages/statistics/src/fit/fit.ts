import type { Interval } from '../interval/interval.ts'
import { gammaUpperTail } from '../special/gamma.ts'
import { studentQuantile } from '../special/student.ts'
import type { CellCount } from './cellCount.ts'
import type { Family, Link } from './family.ts'
import type { Sandwich } from './sandwich.ts'
import type { Grouped } from './sharedNoise.ts'

export interface Parameter extends Interval {
  readonly value: number
}

export interface Coefficient extends Parameter {
  /** The term, or `intercept`. */
  readonly name: string
  /** Standard error: the root of its place in `covariance`. */
  readonly error: number
}

export interface FittedCell extends Omit<CellCount, 'noise'> {
  /** events / exposure, or the mean of values. */
  readonly observed: number
  readonly fitted: number
  /**
   * Signed root of the cell's deviance, with the sign of observed - fitted: about standard normal where events are
   * many.
   */
  readonly residual: number
}

/** link(probability or rate) = sum of coefficients times terms, over cells. */
export interface Fit {
  /** normal: means of values, see `fitValues`. */
  readonly family: Family | 'normal'
  readonly link: Link
  /** The intercept first, where there is one; then those of the terms. */
  readonly coefficients: readonly Coefficient[]
  /**
   * Of the coefficients, in their order: the inverse of the Fisher information where cells are independent, the
   * sandwich where some share their noise, times `scale`.
   */
  readonly covariance: readonly (readonly number[])[]
  readonly confidence: number
  /** Number of standard errors from a coefficient to its limits, where the likelihood is quadratic. */
  readonly quantile: number
  /** Sum of the squared residuals. */
  readonly deviance: number
  /** Mean of the deviance by chance: number of cells minus number of coefficients where cells are independent. */
  readonly expected: number
  /**
   * Degrees of freedom of the chi-square law that the deviance times `freedom` / `expected` then has. An integer where
   * cells are independent.
   */
  readonly freedom: number
  /** P(deviance >= this one) if the model holds; null where `freedom` is 0. */
  readonly pValue: number | null
  /** Pearson's chi-square divided by `expected`, about 1 if the model holds; null where `freedom` is 0. */
  readonly dispersion: number | null
  /** Factor of the covariance: the dispersion if that is above 1, else 1. */
  readonly scale: number
  /** Cells that share their noise with others, and the blocks of trials that show how; null where there are none. */
  readonly shared: { readonly cells: number; readonly blocks: number } | null
  readonly cells: readonly FittedCell[]
}

interface Squares {
  readonly deviance: number
  /** Pearson's chi-square. */
  readonly pearson: number
}

/** How well a model fits, from its sums of squares and what chance alone would make of them. */
export function lackOfFit(
  { deviance, pearson }: Squares,
  { mean, freedom }: Sandwich['chance'],
): Pick<Fit, 'deviance' | 'expected' | 'freedom' | 'pValue' | 'dispersion' | 'scale'> {
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
 * Covariance and standard errors, times the scale, and how many errors a limit is away. The limits are the wider ones
 * of two: those by the variances of the cells, and those of Student by their scatter. Whatever the scatter, one of the
 * two has its nominal coverage: the first where cells do not scatter more than chance, the second where they do,
 * since it knows from how few cells the scatter is estimated.
 */
export function scaled(
  { covariance, freedom }: Sandwich,
  { scale, dispersion, freedom: cells }: Pick<Fit, 'scale' | 'dispersion' | 'freedom'>,
  alpha: number,
): { readonly covariance: number[][]; readonly errors: number[]; readonly quantile: number } {
  const widened = covariance.map((row) => Array.from(row, (value) => value * scale))
  const byVariance = studentQuantile(alpha, freedom)
  const byScatter = dispersion === null ? 0 : studentQuantile(alpha, cells) * Math.sqrt(dispersion)
  return {
    covariance: widened,
    errors: widened.map((row, at) => Math.sqrt(row[at]!)),
    quantile: Math.max(byVariance, byScatter) / Math.sqrt(scale),
  }
}

export function sharedIn({ groups }: Grouped): Fit['shared'] {
  if (groups.length === 0) return null
  return {
    cells: groups.reduce((sum, { cells }) => sum + cells.length, 0),
    blocks: Math.min(...groups.map(({ blocks }) => blocks)),
  }
}
