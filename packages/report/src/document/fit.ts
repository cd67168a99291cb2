import {
  barrierShape,
  count,
  fitShape as fitShapeOf,
  type JudgedCell,
  nonNegative,
  type Plain,
  type SweepFit,
  temperatureShape,
} from '@driftfarm/statistics'
import * as z from 'zod'
import {
  integer,
  integerShape,
  type limitedShape,
  paramsShape,
  realShape,
  sweepShape,
  withRealsAsText,
} from './fields.ts'
import type { FitOptions, SweepFits } from './fitsOf.ts'

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

const { link, ...fitKeys } = fitShapeOf(realShape).shape

const oneFitShape = z.strictObject({
  at: placeShape.nullable().describe('Value of `by`; null if there is one fit for all cells.'),
  method: z.enum(['direct', 'splitting', 'tilt']).describe('Method of the fitted cells.'),
  ...fitKeys,
  barrier: barrierShape(realShape)
    .extend({ theory: theoryShape })
    .nullable()
    .describe(
      'Effective barrier: the negative of the coefficient of 1/temperature in a fit with `link` log, corrected for ' +
        'the actual temperature of the noise. null if no term is 1/temperature. Also null if the coefficient does ' +
        'not measure a barrier; `temperature.text` then gives the reason.',
    ),
  temperature: temperatureShape
    .nullable()
    .describe(
      'Whether the negative of the coefficient of `term` is a barrier; null if the formula contains no temperature.',
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
  link,
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

/** Returns the fits of a sweep as the data of a document. `theoryOf` returns what theory predicts for a barrier. */
export function fitData(
  { sweep, formula: text, where }: Pick<FitData, 'sweep' | 'formula'> & Pick<FitOptions, 'where'>,
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
      const { link: _, ...rest } = fit
      return withRealsAsText<OneFit>({
        at,
        method,
        ...rest,
        barrier: barrier && { ...barrier, theory: theoryOf(sweepFit) },
        temperature,
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
