import type { Method } from '@driftfarm/spec'
import type { Fit, FitTemperature, Parameter, SweepFit } from '@driftfarm/statistics'
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

/** A fit over the cells of a sweep as a document. */
export function fitData({ sweep, cells }: ResultsData, text: string, fitted: SweepFit): FitData {
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
