import type { Method } from '@driftfarm/spec'
import {
  arrhenius,
  count,
  findingsOf,
  fitStudy,
  isDoubt,
  nonNegative,
  type Parameter,
  type Plain,
  readFitFormula,
  StatisticsError,
  share,
} from '@driftfarm/statistics'
import type { BarrierTemperature } from '@driftfarm/theory'
import * as z from 'zod'
import type { Envelope } from './envelope.ts'
import { barrierFactor, fitTemperature } from './fitTemperature.ts'
import { integer, integerShape, real, realShape } from './number.ts'
import { paramsShape } from './origin.ts'
import type { CellResult, ResultsData } from './results.ts'
import { sweepShape } from './sweep.ts'

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
  /** As it was asked for. */
  formula: z.string(),
  estimate: z.string(),
  method: z.enum(['direct', 'splitting', 'tilt']).describe('Of the fitted cells.'),
  link: z.enum(['log', 'identity']).describe('What is linear: the estimate or its logarithm.'),
  against: z.string(),
  family: z
    .enum(['binomial', 'poisson', 'normal'])
    .describe(
      'binomial: events among trials; poisson: events over steps at risk; normal: means of replicas of splitting, or of the weights of a tilt.',
    ),
  confidence: share,
  slope: parameterShape,
  intercept: parameterShape,
  arrhenius: z
    .strictObject({ barrier: parameterShape, prefactor: parameterShape })
    .nullable()
    .describe(
      'Of a logarithm against 1 over a temperature: -slope, times what the noise really has of that temperature, and exp(intercept); null where theory does not know it.',
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

/** Fewer fitted events than this in a cell, and deviances are no longer chi-square. */
const fewEvents = 5

/**
 * The fit of a formula such as `log(escapeRate) ~ 1/T` over a sweep's results: its cells of one method, direct ones where there are
 * any and no other is asked for. `temperatures` are those of the noise by the index of the cell. Throws a StatisticsError or a FormulaError.
 */
export function fitOf(
  { sweep, cells: all }: ResultsData,
  text: string,
  temperatures: ReadonlyMap<number, BarrierTemperature>,
  asked?: Method['kind'],
): { readonly data: FitData; readonly warnings: readonly string[] } {
  const formula = readFitFormula(text)
  const methods = new Map(all.map((cell) => [cell, methodOf(cell)]))
  const there = fittedMethods.filter((method) => all.some((cell) => methods.get(cell) === method))
  const method = asked ?? there[0] ?? 'direct'
  if (asked !== undefined && !there.includes(asked))
    throw new StatisticsError(
      'FIT',
      `no cell of the method ${asked}`,
      `there are cells of the method ${there.join(', ')}`,
    )
  const others = there.filter((each) => each !== method)
  const cells = all.filter((cell) => methods.get(cell) === method)
  const studied = cells.map((cell) => ({ ...cell, trials: Number(cell.trials) }))
  const first = cells.map(({ estimates }) => estimates[formula.estimate]).find((estimate) => estimate !== undefined)
  const { fit, indices, empty, spreadless } = fitStudy(studied, formula, first?.confidence ?? 0.95)
  const { slope, intercept, family, link, confidence, deviance, freedom, pValue, dispersion, scale } = fit
  const temperature = fitTemperature(
    formula,
    fit,
    indices.map((index) => temperatures.get(index) ?? { unknown: 'its cells are not known' }),
  )
  const factor = barrierFactor(temperature)
  const derived = factor === null ? null : arrhenius(fit, factor)
  const byIndex = new Map(cells.map((cell) => [cell.index, cell]))
  const data: FitData = {
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
    arrhenius: derived && { barrier: parameter(derived.barrier), prefactor: parameter(derived.prefactor) },
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
  const few = family === 'normal' ? 0 : fit.cells.filter(({ fitted, exposure }) => fitted * exposure < fewEvents).length
  return {
    data,
    warnings: [
      ...(empty.length > 0 ? [`${cellsNamed(empty)} left out: no trials yet`] : []),
      ...(spreadless.length > 0
        ? [
            `${cellsNamed(spreadless)} left out: without an escape, or with values that are all alike, no spread is known`,
          ]
        : []),
      ...(asked === undefined ? others : []).map(
        (other) => `cells of the method ${other} are left out: --method ${other} fits those`,
      ),
      ...(first?.event === 'escape before converging'
        ? [`${formula.estimate} is that of escaping before converging, not of first exit`]
        : []),
      ...(scale > 1
        ? [
            `the cells scatter about the line ${Number(scale.toPrecision(3))} times as much as chance (squared): the intervals are widened by the root of this`,
          ]
        : []),
      ...(few > 0 && freedom > 0
        ? [`${few} of ${fit.cells.length} cells have fewer than ${fewEvents} fitted events: the p-value is rough`]
        : []),
      ...doubtsOf(cells),
    ],
  }
}

/** What makes the fitted cells doubtful; of temperatures the fit speaks itself. */
function doubtsOf(cells: readonly CellResult[]): string[] {
  return findingsOf(cells)
    .filter((finding) => finding.name !== 'temperature' && isDoubt(finding))
    .map(({ name, verdict, text, mend, count }) => {
      const then = mend === null ? '' : `; ${mend}`
      return `${name} ${verdict} in ${count} of ${cells.length} cells: ${text}${then}`
    })
}

const parameter = ({ value, low, high }: Parameter): FitParameter => ({
  value: real(value),
  low: real(low),
  high: real(high),
})

/** In this order one is chosen. */
const fittedMethods: readonly Method['kind'][] = ['direct', 'splitting', 'tilt']

/** By its values; where it has none that tell, by what was swept. */
function methodOf({ estimates, params: { method } }: CellResult): Method['kind'] {
  const { escape: escaping } = estimates
  if (escaping?.replicas !== undefined) return 'splitting'
  if (escaping?.weights !== undefined) return 'tilt'
  const word = typeof method === 'object' && method !== null ? Object.keys(method)[0] : method
  return fittedMethods.find((each) => each === word) ?? 'direct'
}

const cellsNamed = (indices: readonly number[]): string =>
  indices.length === 1 ? `cell ${indices[0]}` : `${indices.length} cells`
