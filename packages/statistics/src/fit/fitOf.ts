import type { Method } from '@driftfarm/spec'
import { StatisticsError } from '../error.ts'
import { type Check, isDoubt } from '../finding/check.ts'
import { findingsOf } from '../finding/findings.ts'
import { type BarrierFault, barrierFaults, type EffectiveBarrier, effectiveBarrier } from './barrier.ts'
import type { Fit } from './fit.ts'
import {
  type BarrierTemperature,
  barrierFactor,
  type FitTemperature,
  fitTemperature,
  withoutBarrier,
} from './fitTemperature.ts'
import { type FitFormula, readFitFormula } from './formula.ts'
import { fitStudy, type StudiedCell, type Study, sweptNames } from './study.ts'

export interface JudgedCell extends StudiedCell {
  readonly checks: readonly Check[]
}

export interface SweepFit extends Study {
  readonly formula: FitFormula
  readonly method: Method['kind']
  /** See `FitTemperature`; null if no term of the formula is related to a temperature. */
  readonly temperature: FitTemperature | null
  /** Null if no coefficient gives a barrier; `temperature` says why. */
  readonly barrier: EffectiveBarrier | null
  readonly warnings: readonly string[]
}

const significance = 0.05

/** If a cell has fewer expected events than this, its deviance does not have a chi-square distribution. */
const fewEvents = 5

/**
 * Fits a formula such as `log(escapeRate) ~ 1/T` to those cells of a sweep that use the method `requested`. By default,
 * the method is the first of `direct`, `splitting` and `tilt` that any cell uses. `temperatures` gives the temperature
 * of the noise by cell index. Throws a StatisticsError or a FormulaError.
 */
export function fitOf(
  all: readonly JudgedCell[],
  text: string,
  temperatures: ReadonlyMap<number, BarrierTemperature>,
  requested?: Method['kind'],
): SweepFit {
  const formula = readFitFormula(text)
  const methods = new Map(all.map((cell) => [cell, methodOf(cell)]))
  const there = fittedMethods.filter((method) => all.some((cell) => methods.get(cell) === method))
  const method = requested ?? there[0] ?? 'direct'
  if (requested !== undefined && !there.includes(requested))
    throw new StatisticsError('FIT', `no cell uses the method ${requested}`, `choose from ${there.join(', ')}`)
  const others = there.filter((each) => each !== method)
  const cells = all.filter((cell) => methods.get(cell) === method)
  const first = cells.map(({ estimates }) => estimates[formula.estimate]).find((estimate) => estimate !== undefined)
  const study = fitStudy(cells, formula, first?.confidence ?? 0.95)
  const { fit, indices, leftOut } = study
  const { family, freedom, pValue, scale } = fit
  const noise = indices.map(
    (index) => temperatures.get(index) ?? { unknown: 'no temperature was computed for these cells' },
  )
  const temperature = fitTemperature(formula, fit, noise, sweptNames(cells))
  const factor = barrierFactor(temperature)
  const byIndex = new Map(cells.map((cell) => [cell.index, cell]))
  const faults =
    factor === null
      ? []
      : barrierFaults(
          formula.estimate,
          noise.flatMap((each, at) => ('unknown' in each ? [] : [{ ...each, ...byIndex.get(indices[at]!)! }])),
        )
  const few = family === 'normal' ? 0 : fit.cells.filter(({ fitted, exposure }) => fitted * exposure < fewEvents).length
  const found: SweepFit = {
    ...study,
    formula,
    method,
    temperature,
    barrier: temperature === null || factor === null ? null : effectiveBarrier(fit, { ...temperature, factor }),
    warnings: [
      ...[...new Set(leftOut.map(({ why }) => why))].map((why) => {
        const indices = leftOut.filter((each) => each.why === why).map(({ index }) => index)
        return `${cellsNamed(indices)} left out: ${why}`
      }),
      ...extremes(fit, indices),
      ...(requested === undefined ? others : []).map(
        (other) => `cells that use the method ${other} are left out; to fit them, use --method ${other}`,
      ),
      first?.event === 'escape before converging'
        ? `${formula.estimate} is based only on escapes before convergence, not on all first exits`
        : null,
      pValue !== null && pValue < significance && scale > 1
        ? `the cells scatter about the line with ${Number(scale.toPrecision(3))} times the variance expected by ` +
          `chance (p = ${Number(pValue.toPrecision(2))}, below ${significance}), so the intervals are widened`
        : null,
      few > 0 && freedom > 0
        ? `${few} of ${fit.cells.length} cells have fewer than ${fewEvents} fitted events, so the p-value is ` +
          'approximate'
        : null,
      ...doubtsOf(cells),
    ].filter((each) => each !== null),
  }
  return faults.length === 0 ? found : fitWithoutBarrier(found, faults)
}

/** Returns the fit without its barrier. `faults` lists the reasons and must not be empty. */
export function fitWithoutBarrier(fit: SweepFit, faults: readonly BarrierFault[]): SweepFit {
  return { ...fit, temperature: fit.temperature && withoutBarrier(fit.temperature, faults), barrier: null }
}

/** Cells in which no trial or every trial had the event are included, since their counts have a likelihood too. */
function extremes({ family, cells }: Fit, indices: readonly number[]): (string | null)[] {
  if (family === 'normal') return []
  const where = (holds: (cell: Fit['cells'][number]) => boolean) => indices.filter((_, at) => holds(cells[at]!))
  const none = where(({ events }) => events === 0)
  const all = family === 'binomial' ? where(({ events, exposure }) => events === exposure) : []
  return [
    none.length > 0 ? `${cellsNamed(none)} without an event: included with a count of 0` : null,
    all.length > 0
      ? `${cellsNamed(all)} with the event in every trial: included with a count equal to the number of trials`
      : null,
  ]
}

/** The check `temperature` is left out, because another text of the fit describes the temperatures. */
function doubtsOf(cells: readonly JudgedCell[]): string[] {
  return findingsOf(cells)
    .filter((finding) => finding.name !== 'temperature' && isDoubt(finding))
    .map(({ name, verdict, text, hint, count }) => {
      const then = hint === null ? '' : `; ${hint}`
      return `the check ${name} is ${verdict} in ${count} of ${cells.length} cells: ${text}${then}`
    })
}

const fittedMethods: readonly Method['kind'][] = ['direct', 'splitting', 'tilt']

function methodOf({ estimates, params: { method } }: JudgedCell): Method['kind'] {
  const { escape: escaping } = estimates
  if (escaping?.replicas !== undefined) return 'splitting'
  if (escaping?.weights !== undefined) return 'tilt'
  const word = typeof method === 'object' && method !== null ? Object.keys(method)[0] : method
  return fittedMethods.find((each) => each === word) ?? 'direct'
}

const cellsNamed = (indices: readonly number[]): string =>
  indices.length === 1 ? `cell ${indices[0]}` : `${indices.length} cells`
