import type { Method } from '@driftfarm/spec'
import {
  arrhenius,
  type Fit,
  findingsOf,
  fitStudy,
  isDoubt,
  type Parameter,
  readFitFormula,
  StatisticsError,
} from '@driftfarm/statistics'
import type { BarrierTemperature } from '@driftfarm/theory'
import type { Envelope } from './envelope.ts'
import { barrierFactor, type FitTemperature, fitTemperature } from './fitTemperature.ts'
import { type Integer, integer, type Real, real } from './number.ts'
import type { CellResult, ResultsData } from './results.ts'

export type FitDocument = Envelope<'Fit', FitData>

/** estimate (or its logarithm) = intercept + slope * against, over the cells of a sweep. */
export interface FitData {
  readonly sweep: { readonly id: string; readonly name: string }
  /** As it was asked for. */
  readonly formula: string
  readonly estimate: string
  /** Of the fitted cells. */
  readonly method: Method['kind']
  readonly link: Fit['link']
  readonly against: string
  /** binomial: events among trials; poisson: events over steps at risk; normal: means of replicas, or of weights. */
  readonly family: Fit['family']
  readonly confidence: number
  readonly slope: FitParameter
  readonly intercept: FitParameter
  /**
   * Of a logarithm against 1 over a temperature: -slope, times what the noise really has of that temperature where it is another, and
   * exp(intercept). Else null, and where theory does not know the temperature of the noise, so that no slope is a barrier.
   */
  readonly arrhenius: { readonly barrier: FitParameter; readonly prefactor: FitParameter } | null
  /** Whether -slope is a barrier, and why. Null where the formula does not speak of temperatures. */
  readonly temperature: FitTemperature | null
  readonly deviance: number
  readonly freedom: number
  readonly pValue: number | null
  readonly dispersion: number | null
  /** What the squared widths of the limits were multiplied by; 1 where the line holds. */
  readonly scale: number
  readonly cells: readonly FitCell[]
}

export interface FitParameter {
  readonly value: Real
  readonly low: Real
  readonly high: Real
}

export interface FitCell {
  readonly index: number
  readonly params: Readonly<Record<string, unknown>>
  readonly x: number
  readonly events: number
  /** Trials, or steps at risk. */
  readonly exposure: Integer
  readonly observed: number
  readonly fitted: number
  readonly residual: number
}

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
