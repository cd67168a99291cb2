import { count, type JudgedCell, nonNegative, type Plain, type SweepFit, share } from '@driftfarm/statistics'
import * as z from 'zod'
import {
  integer,
  integerShape,
  limitedShape,
  paramsShape,
  realShape,
  type SweepSummary,
  sweepShape,
  withRealsAsText,
} from './fields.ts'
import type { SweepFits } from './fitsOf.ts'

export type FitParameter = Plain<z.infer<typeof limitedShape>>

const placeShape = z.union([z.number(), z.string()])

const fittedShape = z.strictObject({
  index: count,
  params: paramsShape,
  x: z.array(z.number()).describe('Values of the terms, in the order of `terms`.'),
  events: count,
  exposure: integerShape.describe('Trials, or steps at risk.'),
  observed: nonNegative,
  low: realShape.describe('Confidence limits of the estimate, from the trials of this cell only.'),
  high: realShape,
  fitted: nonNegative,
  residual: z
    .number()
    .describe(
      'For `binomial` and `poisson`, the signed square root of the deviance of the cell. For `normal`, the deviation ' +
        'from the fit, in standard errors. Approximately standard normal if the model fits.',
    ),
})

const theoryShape = z.strictObject({
  barrier: z
    .number()
    .nullable()
    .describe(
      'Height of the barrier above the minimum of the well in which trials start; null if the asymptotic laws give ' +
        'no height that holds for all fitted cells.',
    ),
  law: z.string().nullable().describe('The asymptotic law that gives `barrier`; null if `barrier` is null.'),
  cell: count.describe(
    'Index of the cell for which `barrier` is computed: the fitted cell with the lowest temperature.',
  ),
  text: z.string(),
})
export type FitTheory = Plain<z.infer<typeof theoryShape>>

const barrierShape = limitedShape.extend({
  term: z.string(),
  factor: z
    .number()
    .describe(
      'The barrier is `-coefficient * factor`. The factor is the temperature of the noise multiplied by the term.',
    ),
  prefactor: limitedShape
    .nullable()
    .describe('exp(intercept), in units of the estimate; null if the fit has other terms or no intercept.'),
  theory: theoryShape,
})

const oneFitShape = z.strictObject({
  at: placeShape.nullable().describe('Value of `by`; null if there is one fit for all cells.'),
  method: z.enum(['direct', 'splitting', 'tilt']).describe('Method of the fitted cells.'),
  family: z
    .enum(['binomial', 'poisson', 'normal'])
    .describe(
      'binomial: events among trials. poisson: events over steps at risk. normal: means of splitting replicas, ' +
        'or means of the weights of tilted trials.',
    ),
  confidence: share,
  coefficients: z.array(
    limitedShape.extend({
      name: z.string().describe('The term, or `intercept`.'),
      error: realShape.describe('Standard error; `scale` is already applied.'),
    }),
  ),
  covariance: z
    .array(z.array(realShape))
    .describe(
      'Covariance matrix of the coefficients, in the order of `coefficients`: the inverse of the Fisher information, ' +
        'or the sandwich estimator if cells share noise. `scale` is already applied.',
    ),
  quantile: nonNegative.describe(
    'If the limits are symmetric, the distance from a coefficient to each of its limits, in standard errors.',
  ),
  barrier: barrierShape
    .nullable()
    .describe(
      'Effective barrier: the negative of the coefficient of 1/temperature in a fit with `link` log, corrected for ' +
        'the actual temperature of the noise. null if no term is 1/temperature. Also null if the coefficient does ' +
        'not measure a barrier; `temperature.text` then gives the reason.',
    ),
  temperature: z
    .strictObject({
      term: z.string(),
      share: z
        .strictObject({ low: z.number(), high: z.number() })
        .nullable()
        .describe(
          'Lowest and highest product of the term and the actual temperature of the noise. Both are 1 if the term ' +
            'is 1 over the actual temperature.',
        ),
      slopeIsBarrier: z.boolean(),
      text: z.string(),
      hint: z.string().nullable(),
    })
    .nullable()
    .describe(
      'Whether the negative of the coefficient of `term` is a barrier; null if the formula contains no temperature.',
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
  cells: z.array(fittedShape),
  leftOut: z.array(z.strictObject({ index: count, why: z.string() })).describe('Cells that could not be included.'),
})
export type OneFit = Plain<z.infer<typeof oneFitShape>>

/** Fits over the cells of a sweep. The fitted estimate, or its logarithm, is a sum of coefficients times terms. */
export const fitShape = z.strictObject({
  sweep: sweepShape.pick({ id: true, name: true }),
  /** The formula as it was typed. */
  formula: z.string(),
  estimate: z.string(),
  link: z
    .enum(['log', 'identity'])
    .describe(
      'log: the logarithm of the estimate is linear in the terms. identity: the estimate is linear in the terms.',
    ),
  terms: z.array(z.string()),
  by: z
    .string()
    .nullable()
    .describe('The swept path with a separate fit for each value; null if there is one fit for all cells.'),
  where: z.string().nullable().describe('The condition that selects the cells; null if all cells are used.'),
  fits: z.array(oneFitShape),
  refused: z
    .array(z.strictObject({ at: placeShape, why: z.string() }))
    .describe('Values of `by` for which no fit could be made.'),
})
export type FitData = Plain<z.infer<typeof fitShape>>

interface FitHead {
  readonly sweep: Pick<SweepSummary, 'id' | 'name'>
  /** The formula as it was typed. */
  readonly formula: string
  readonly where?: string | undefined
}

/** Returns the fits of a sweep as the data of a document. `theoryOf` returns what theory predicts for a barrier. */
export function fitData(
  { sweep, formula: text, where }: FitHead,
  cells: readonly JudgedCell[],
  { by, fits, refused }: SweepFits,
  theoryOf: (fit: SweepFit) => FitTheory,
): FitData {
  const { formula } = fits[0]!.fit
  const byIndex = new Map(cells.map((cell) => [cell.index, cell]))
  return {
    sweep: { id: sweep.id, name: sweep.name },
    formula: text,
    estimate: formula.estimate,
    link: formula.link,
    terms: formula.terms.map((term) => term.text),
    by: by?.path ?? null,
    where: where ?? null,
    fits: fits.map(({ at, fit: sweepFit }) => {
      const { fit, method, barrier, temperature, leftOut, indices } = sweepFit
      const { family, link: _, confidence, coefficients, covariance, quantile, ...rest } = fit
      return withRealsAsText<OneFit>({
        at,
        method,
        family,
        confidence,
        coefficients,
        covariance,
        quantile,
        barrier: barrier && { ...barrier, theory: theoryOf(sweepFit) },
        temperature,
        ...rest,
        cells: fit.cells.map(({ x, events, exposure, observed, fitted, residual }, i) => {
          const { index, params, estimates } = byIndex.get(indices[i]!)!
          const { low, high } = estimates[formula.estimate]!
          return { index, params, x, events, exposure: integer(exposure), observed, low, high, fitted, residual }
        }),
        leftOut,
      })
    }),
    refused,
  }
}
