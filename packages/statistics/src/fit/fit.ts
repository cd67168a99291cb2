import * as z from 'zod'
import { alphaOf } from '../interval/interval.ts'
import { count, nonNegative, type Plain, share } from '../shape.ts'
import { studentQuantile } from '../special/beta.ts'
import { gammaUpperTail } from '../special/gamma.ts'
import type { CellCount } from './family.ts'
import type { Sandwich } from './sandwich.ts'
import type { Grouped } from './sharedNoise.ts'

/**
 * A value with its limits. `real` describes a number that may be infinite. JSON lacks such numbers, so documents write
 * them as text.
 */
export const parameterShape = <Real extends z.ZodType>(real: Real) =>
  z.strictObject({ value: real, low: real, high: real })
export type Parameter = Plain<z.infer<ReturnType<typeof parameterShape<z.ZodNumber>>>>

export interface FittedCell extends Omit<CellCount, 'noise'> {
  /** The observed value of the fitted quantity: events / exposure, or the mean of values. */
  readonly observed: number
  readonly fitted: number
  /**
   * Square root of the cell's deviance, with the sign of observed - fitted; about standard normal for many events.
   */
  readonly residual: number
}

/** The model link(probability or rate) = sum of coefficients times terms, without its cells. */
export const fitShape = <Real extends z.ZodType>(real: Real) =>
  z.strictObject({
    link: z
      .enum(['log', 'identity'])
      .describe(
        'log: the logarithm of the estimate is linear in the terms. identity: the estimate is linear in the terms.',
      ),
    family: z
      .enum(['binomial', 'poisson', 'normal'])
      .describe(
        'binomial: events among trials. poisson: events over steps at risk. normal: means of splitting replicas, ' +
          'or means of the weights of tilted trials.',
      ),
    confidence: share,
    // The intercept first, if the fit has one, then the coefficients of the terms.
    coefficients: z.array(
      parameterShape(real).extend({
        name: z.string().describe('The term, or `intercept`.'),
        error: real.describe('Standard error; `scale` is already applied.'),
      }),
    ),
    covariance: z
      .array(z.array(real))
      .describe(
        'Covariance matrix of the coefficients, in the order of `coefficients`: the inverse of the Fisher ' +
          'information, or the sandwich estimator if cells share noise. `scale` is already applied.',
      ),
    quantile: nonNegative.describe(
      'If the limits are symmetric, the distance from a coefficient to each of its limits, in standard errors.',
    ),
    deviance: nonNegative,
    expected: nonNegative.describe(
      'Deviance expected by chance: number of cells minus number of coefficients, corrected for the correlations ' +
        'of cells that share noise.',
    ),
    freedom: nonNegative.describe(
      'Degrees of freedom of the chi-square distribution of `deviance * freedom / expected`: number of cells minus ' +
        'number of coefficients. If cells share noise, `freedom` may be smaller and need not be an integer.',
    ),
    pValue: share
      .nullable()
      .describe('P-value of the deviance, from the chi-square distribution; null if `freedom` is 0.'),
    dispersion: nonNegative.nullable().describe('Pearson’s chi-square divided by `expected`.'),
    scale: nonNegative.describe('Factor applied to the covariance: the dispersion if it is above 1, else 1.'),
    shared: z
      .strictObject({ cells: count, blocks: count })
      .nullable()
      .describe(
        'Number of cells that share noise, and number of blocks of trial indices used to estimate their ' +
          'correlations. null if all cells are independent.',
      ),
  })

export interface Fit extends Plain<z.infer<ReturnType<typeof fitShape<z.ZodNumber>>>> {
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
