import {
  count,
  type JudgedCell,
  nonNegative,
  type Parameter,
  type Plain,
  type SweepFit,
  share,
} from '@driftfarm/statistics'
import * as z from 'zod'
import type { Envelope } from './envelope.ts'
import type { SweepFits } from './fitsOf.ts'
import { integer, integerShape, real, realShape } from './number.ts'
import { paramsShape } from './origin.ts'
import { type SweepSummary, sweepShape } from './sweep.ts'

const parameterShape = z.strictObject({ value: realShape, low: realShape, high: realShape })
export type FitParameter = Plain<z.infer<typeof parameterShape>>

const placeShape = z.union([z.number(), z.string()])

const fittedShape = z.strictObject({
  index: count,
  params: paramsShape,
  x: z.array(z.number()).describe('The values of the terms, in their order.'),
  events: count,
  exposure: integerShape.describe('Trials, or steps at risk.'),
  observed: nonNegative,
  low: realShape.describe('Limits of the estimate of this cell alone.'),
  high: realShape,
  fitted: nonNegative,
  residual: z
    .number()
    .describe('Signed root of the deviance, or difference in standard errors: about standard normal if the fit holds.'),
})

const theoryShape = z.strictObject({
  barrier: z.number().nullable().describe('The height of the barrier above the start’s minimum; null where no law is.'),
  law: z.string().nullable().describe('The law whose exponent it is.'),
  cell: count.describe('The cell that theory was asked about: the coldest of the fit.'),
  text: z.string(),
})
export type FitTheory = Plain<z.infer<typeof theoryShape>>

const barrierShape = parameterShape.extend({
  term: z.string(),
  factor: z
    .number()
    .describe('What minus the coefficient was multiplied by: the temperature of the noise times the term.'),
  prefactor: parameterShape
    .nullable()
    .describe('exp(intercept), in units of the estimate; null beside other terms or without an intercept.'),
  theory: theoryShape,
})

const oneFitShape = z.strictObject({
  at: placeShape.nullable().describe('The value of `by`; null where there is one fit for all.'),
  method: z.enum(['direct', 'splitting', 'tilt']).describe('Of the fitted cells.'),
  family: z
    .enum(['binomial', 'poisson', 'normal'])
    .describe(
      'binomial: events among trials; poisson: events over steps at risk; normal: means of replicas of splitting, ' +
        'or of the weights of a tilt.',
    ),
  confidence: share,
  coefficients: z.array(
    parameterShape.extend({
      name: z.string().describe('The term, or `intercept`.'),
      error: realShape.describe('Standard error, with `scale`.'),
    }),
  ),
  covariance: z
    .array(z.array(realShape))
    .describe(
      'Of the coefficients, in their order, times `scale`: the inverse of the Fisher information, or the sandwich ' +
        'where cells share noise.',
    ),
  quantile: nonNegative.describe('Standard errors from a coefficient to its limits, where these are symmetric.'),
  barrier: barrierShape
    .nullable()
    .describe(
      'The effective barrier: minus the coefficient of a logarithm against 1 over a temperature, times what the ' +
        'noise really has of that temperature; null where no term is that, or theory does not know the temperature.',
    ),
  temperature: z
    .strictObject({
      term: z.string(),
      share: z
        .strictObject({ low: z.number(), high: z.number() })
        .nullable()
        .describe('The real temperature of the noise times the term: 1 where the term is 1 over it.'),
      slopeIsBarrier: z.boolean(),
      text: z.string(),
      mend: z.string().nullable(),
    })
    .nullable()
    .describe('Whether minus a coefficient is a barrier; null where the formula does not speak of temperatures.'),
  deviance: nonNegative,
  expected: nonNegative.describe(
    'Mean of the deviance by chance: cells minus coefficients, less or more where cells share noise.',
  ),
  freedom: nonNegative.describe(
    'Degrees of freedom of the chi-square law of deviance * freedom / expected: cells minus coefficients, and no ' +
      'integer where cells share noise.',
  ),
  pValue: share.nullable().describe('Chi-square tail of the deviance; null without degrees of freedom.'),
  dispersion: nonNegative.nullable().describe('Pearson’s chi-square over `expected`.'),
  scale: nonNegative.describe('What the covariance was multiplied by: the dispersion where it is above 1.'),
  shared: z
    .strictObject({ cells: count, blocks: count })
    .nullable()
    .describe(
      'Cells that share their noise with others, and the blocks of trial indices that their correlations are ' +
        'estimated from; null where all cells are independent.',
    ),
  cells: z.array(fittedShape),
  leftOut: z.array(z.strictObject({ index: count, why: z.string() })).describe('Cells that could not take part.'),
})
export type OneFit = Plain<z.infer<typeof oneFitShape>>

/** estimate (or its logarithm) = sum of coefficients times terms, over the cells of a sweep. */
export const fitShape = z.strictObject({
  sweep: sweepShape.pick({ id: true, name: true }),
  /** The formula as it was typed. */
  formula: z.string(),
  estimate: z.string(),
  link: z.enum(['log', 'identity']).describe('What is linear: the estimate or its logarithm.'),
  terms: z.array(z.string()),
  by: z.string().nullable().describe('The swept path for each value of which there is a fit; null for one fit.'),
  where: z.string().nullable().describe('The condition that the cells meet; null for all.'),
  fits: z.array(oneFitShape),
  refused: z
    .array(z.strictObject({ at: placeShape, why: z.string() }))
    .describe('The values of `by` of whose cells no fit could be made.'),
})
export type FitData = Plain<z.infer<typeof fitShape>>
export type FitDocument = Envelope<'Fit', FitData>

export interface FitHead {
  readonly sweep: Pick<SweepSummary, 'id' | 'name'>
  /** The formula as it was typed. */
  readonly formula: string
  readonly where?: string | undefined
}

/** Fits over the cells of a sweep as a document. `theoryOf` says what theory knows of the barrier of a fit. */
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
    fits: fits.map(({ at, fit: sweepFit }): OneFit => {
      const { fit, method, barrier, temperature, leftOut, indices } = sweepFit
      const { family, confidence, quantile, deviance, expected, freedom, pValue, dispersion, scale, shared } = fit
      return {
        at,
        method,
        family,
        confidence,
        coefficients: fit.coefficients.map(({ name, error, ...rest }) => ({
          ...parameter(rest),
          name,
          error: real(error),
        })),
        covariance: fit.covariance.map((row) => row.map(real)),
        quantile,
        barrier: barrier && {
          ...parameter(barrier),
          term: barrier.term,
          factor: barrier.factor,
          prefactor: barrier.prefactor && parameter(barrier.prefactor),
          theory: theoryOf(sweepFit),
        },
        temperature,
        deviance,
        expected,
        freedom,
        pValue,
        dispersion,
        scale,
        shared,
        cells: fit.cells.map(({ x, events, exposure, observed, fitted, residual }, i) => {
          const { index, params, estimates } = byIndex.get(indices[i]!)!
          const { low, high } = estimates[formula.estimate]!
          return {
            index,
            params,
            x: [...x],
            events,
            exposure: integer(exposure),
            observed,
            low: real(low),
            high: real(high),
            fitted,
            residual,
          }
        }),
        leftOut,
      }
    }),
    refused,
  }
}

const parameter = ({ value, low, high }: Parameter): FitParameter => ({
  value: real(value),
  low: real(low),
  high: real(high),
})
