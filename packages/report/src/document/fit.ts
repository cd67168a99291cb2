import {
  count,
  nonNegative,
  type Parameter,
  type Plain,
  type StudiedCell,
  type SweepFit,
  share,
} from '@driftfarm/statistics'
import * as z from 'zod'
import type { Envelope } from './envelope.ts'
import { integer, integerShape, real, realShape } from './number.ts'
import { paramsShape } from './origin.ts'
import { type SweepSummary, sweepShape } from './sweep.ts'

const parameterShape = z.strictObject({ value: realShape, low: realShape, high: realShape })
export type FitParameter = Plain<z.infer<typeof parameterShape>>

const fittedShape = z.strictObject({
  index: count,
  params: paramsShape,
  x: z.number(),
  events: count,
  exposure: integerShape.describe('Trials, or steps at risk.'),
  observed: nonNegative,
  fitted: nonNegative,
  residual: z.number(),
})

/** estimate (or its logarithm) = intercept + slope * against, over the cells of a sweep. */
export const fitShape = z.strictObject({
  sweep: sweepShape.pick({ id: true, name: true }),
  /** The formula as it was typed. */
  formula: z.string(),
  estimate: z.string(),
  method: z.enum(['direct', 'splitting', 'tilt']).describe('Of the fitted cells.'),
  link: z.enum(['log', 'identity']).describe('What is linear: the estimate or its logarithm.'),
  against: z.string(),
  family: z
    .enum(['binomial', 'poisson', 'normal'])
    .describe(
      'binomial: events among trials; poisson: events over steps at risk; normal: means of replicas of splitting, ' +
        'or of the weights of a tilt.',
    ),
  confidence: share,
  slope: parameterShape,
  intercept: parameterShape,
  arrhenius: z
    .strictObject({ barrier: parameterShape, prefactor: parameterShape })
    .nullable()
    .describe(
      'Of a logarithm against 1 over a temperature: -slope, times what the noise really has of that temperature, ' +
        'and exp(intercept); null where theory does not know it.',
    ),
  temperature: z
    .strictObject({
      share: z
        .strictObject({ low: z.number(), high: z.number() })
        .nullable()
        .describe('The real temperature of the noise times what the line is against: 1 where that is 1 over it.'),
      slopeIsBarrier: z.boolean(),
      text: z.string(),
      mend: z.string().nullable(),
    })
    .nullable()
    .describe('Whether -slope is a barrier; null where the formula does not speak of temperatures.'),
  deviance: nonNegative,
  freedom: count,
  pValue: share.nullable().describe('Chi-square tail of the deviance; null without degrees of freedom.'),
  dispersion: nonNegative.nullable().describe('Pearson’s chi-square over its degrees of freedom.'),
  scale: nonNegative.describe(
    'What the squared widths of the limits were multiplied by: the dispersion where it is above 1.',
  ),
  cells: z.array(fittedShape),
})
export type FitData = Plain<z.infer<typeof fitShape>>
export type FitDocument = Envelope<'Fit', FitData>

/** A fit over the cells of a sweep as a document. */
export function fitData(
  {
    sweep,
    cells,
  }: {
    readonly sweep: Pick<SweepSummary, 'id' | 'name'>
    readonly cells: readonly Pick<StudiedCell, 'index' | 'params'>[]
  },
  text: string,
  fitted: SweepFit,
): FitData {
  const { formula, method, fit, indices, temperature, arrhenius } = fitted
  const { slope, intercept, family, link, confidence, deviance, freedom, pValue, dispersion, scale } = fit
  const byIndex = new Map(cells.map((cell) => [cell.index, cell]))
  return {
    sweep: { id: sweep.id, name: sweep.name },
    formula: text,
    estimate: formula.estimate,
    method,
    link,
    against: formula.against,
    family,
    confidence,
    slope: parameter(slope),
    intercept: parameter(intercept),
    arrhenius: arrhenius && { barrier: parameter(arrhenius.barrier), prefactor: parameter(arrhenius.prefactor) },
    temperature,
    deviance,
    freedom,
    pValue,
    dispersion,
    scale,
    cells: fit.cells.map(({ exposure, ...rest }, i) => {
      const index = indices[i]!
      return { index, params: byIndex.get(index)!.params, ...rest, exposure: integer(exposure) }
    }),
  }
}

const parameter = ({ value, low, high }: Parameter): FitParameter => ({
  value: real(value),
  low: real(low),
  high: real(high),
})
