import type { Interval } from '../interval/interval.ts'
import { gammaUpperTail } from '../special/gamma.ts'
import type { CellCount } from './cellCount.ts'
import type { Family, Link } from './family.ts'

export interface Parameter extends Interval {
  readonly value: number
}

export interface Coefficient extends Parameter {
  /** The term, or `intercept`. */
  readonly name: string
  /** Standard error by the curvature of the likelihood, widened as the limits are. */
  readonly error: number
}

export interface FittedCell extends CellCount {
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
  /** Of the coefficients, in their order: the inverse of the Fisher information times `scale`. */
  readonly covariance: readonly (readonly number[])[]
  readonly confidence: number
  /**
   * Sum of the squared residuals; about chi-square with `freedom` degrees of freedom if the model holds and events are
   * many.
   */
  readonly deviance: number
  /** Number of cells minus number of coefficients. */
  readonly freedom: number
  /** P(chi-square >= deviance); null where `freedom` is 0. */
  readonly pValue: number | null
  /** Pearson's chi-square divided by `freedom`, about 1 if the model holds; null where `freedom` is 0. */
  readonly dispersion: number | null
  /** Factor by which the squared widths of the intervals were multiplied: the dispersion if that is above 1, else 1. */
  readonly scale: number
  readonly cells: readonly FittedCell[]
}

/** How well a model fits, from its deviance and Pearson's chi-square over so many cells. */
export function lackOfFit(
  { deviance, pearson }: { readonly deviance: number; readonly pearson: number },
  freedom: number,
): Pick<Fit, 'deviance' | 'freedom' | 'pValue' | 'dispersion' | 'scale'> {
  const dispersion = freedom > 0 ? pearson / freedom : null
  return {
    deviance,
    freedom,
    pValue: freedom > 0 ? gammaUpperTail(deviance / 2, freedom / 2) : null,
    dispersion,
    scale: Math.max(1, dispersion ?? 1),
  }
}

/** A covariance times the scale, as plain numbers, with the standard errors. */
export function scaled(
  covariance: readonly Float64Array[],
  scale: number,
): { readonly covariance: number[][]; readonly errors: number[] } {
  const widened = covariance.map((row) => Array.from(row, (value) => value * scale))
  return { covariance: widened, errors: widened.map((row, at) => Math.sqrt(row[at]!)) }
}
