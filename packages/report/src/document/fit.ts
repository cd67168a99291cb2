import { arrhenius, type Fit, fitStudy, type Parameter, readFitFormula } from '@driftfarm/statistics'
import type { Envelope } from './envelope.ts'
import { type Integer, integer, type Real, real } from './number.ts'
import type { ResultsData } from './results.ts'

export type FitDocument = Envelope<'Fit', FitData>

/** estimate (or its logarithm) = intercept + slope * against, over the cells of a sweep. */
export interface FitData {
  readonly sweep: { readonly id: string; readonly name: string }
  /** As it was asked for. */
  readonly formula: string
  readonly estimate: string
  readonly link: Fit['link']
  readonly against: string
  /** binomial: events among trials; poisson: events over steps at risk. */
  readonly family: Fit['family']
  readonly confidence: number
  readonly slope: FitParameter
  readonly intercept: FitParameter
  /** Of a logarithm against 1/NAME: -slope and exp(intercept); else null. */
  readonly arrhenius: { readonly barrier: FitParameter; readonly prefactor: FitParameter } | null
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

/** The fit of a formula such as `log(escapeRate) ~ 1/T` over a sweep's results. Throws a StatisticsError or a FormulaError. */
export function fitOf(
  { sweep, cells }: ResultsData,
  text: string,
): { readonly data: FitData; readonly warnings: readonly string[] } {
  const formula = readFitFormula(text)
  const studied = cells.map((cell) => ({ ...cell, trials: Number(cell.trials) }))
  const first = cells.map(({ estimates }) => estimates[formula.estimate]).find((estimate) => estimate !== undefined)
  const { fit, indices, empty } = fitStudy(studied, formula, first?.confidence ?? 0.95)
  const { slope, intercept, family, link, confidence, deviance, freedom, pValue, dispersion, scale } = fit
  const derived = link === 'log' && formula.inverseOf !== null ? arrhenius(fit) : null
  const byIndex = new Map(cells.map((cell) => [cell.index, cell]))
  const data: FitData = {
    sweep: { id: sweep.id, name: sweep.name },
    formula: text,
    estimate: formula.estimate,
    link,
    against: formula.against,
    family,
    confidence,
    slope: parameter(slope),
    intercept: parameter(intercept),
    arrhenius: derived && { barrier: parameter(derived.barrier), prefactor: parameter(derived.prefactor) },
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
  const few = fit.cells.filter(({ fitted, exposure }) => fitted * exposure < fewEvents).length
  return {
    data,
    warnings: [
      ...(empty.length > 0 ? [`${cellsNamed(empty)} left out: no trials yet`] : []),
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
    ],
  }
}

const parameter = ({ value, low, high }: Parameter): FitParameter => ({
  value: real(value),
  low: real(low),
  high: real(high),
})

const cellsNamed = (indices: readonly number[]): string =>
  indices.length === 1 ? `cell ${indices[0]}` : `${indices.length} cells`
