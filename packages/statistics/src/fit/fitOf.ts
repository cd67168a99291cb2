import type { Method } from '@driftfarm/spec'
import { type Check, isDoubt } from '../check/check.ts'
import { findingsOf } from '../check/findings.ts'
import { StatisticsError } from '../error.ts'
import { type EffectiveBarrier, effectiveBarrier } from './barrier.ts'
import { type BarrierFault, barrierFaults } from './barrierFaults.ts'
import type { Fit } from './fit.ts'
import {
  type BarrierTemperature,
  barrierFactor,
  type FitTemperature,
  fitTemperature,
  withoutBarrier,
} from './fitTemperature.ts'
import { type FitFormula, readFitFormula } from './formula.ts'
import { fitStudy, type StudiedCell, sweptNames } from './study.ts'

/** A cell of a sweep, with its checks. */
export interface JudgedCell extends StudiedCell {
  readonly checks: readonly Check[]
}

/** A fit over the cells of a sweep, with what a reader must know to use it. */
export interface SweepFit {
  readonly formula: FitFormula
  /** The method of the fitted cells. */
  readonly method: Method['kind']
  readonly fit: Fit
  /** Indices of the fitted cells, in the order of `fit.cells`. */
  readonly indices: readonly number[]
  /** See `FitTemperature`; null where the formula has nothing to do with temperatures. */
  readonly temperature: FitTemperature | null
  /** Null where no coefficient is a barrier; `temperature` says why. */
  readonly barrier: EffectiveBarrier | null
  /** Cells that could not take part, and why. */
  readonly leftOut: readonly { readonly index: number; readonly why: string }[]
  readonly warnings: readonly string[]
}

/** Scatter with a p-value below this is reported. */
const scatters = 0.05

/** With fewer expected events in a cell its deviance is not chi-square distributed. */
const fewEvents = 5

/**
 * Fits a formula such as `log(escapeRate) ~ 1/T` over the cells of a sweep that have the same method: the one asked
 * for, else direct where there are such cells. `temperatures` gives the temperature of the noise by cell index. Throws
 * a StatisticsError or a FormulaError.
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
    throw new StatisticsError('FIT', `no cell uses the method ${requested}`, `cells use the method ${there.join(', ')}`)
  const others = there.filter((each) => each !== method)
  const cells = all.filter((cell) => methods.get(cell) === method)
  const first = cells.map(({ estimates }) => estimates[formula.estimate]).find((estimate) => estimate !== undefined)
  const { fit, indices, empty, spreadless, repeated } = fitStudy(cells, formula, first?.confidence ?? 0.95)
  const { family, freedom, pValue, scale } = fit
  const noise = indices.map((index) => temperatures.get(index) ?? { unknown: 'none was computed for its cells' })
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
    formula,
    method,
    fit,
    indices,
    temperature,
    barrier: temperature === null || factor === null ? null : effectiveBarrier(fit, { ...temperature, factor }),
    leftOut: [
      ...empty.map((index) => ({ index, why: noTrials })),
      ...spreadless.map((index) => ({ index, why: noSpread })),
      ...repeated.map((index) => ({ index, why: again })),
    ],
    warnings: [
      ...(empty.length > 0 ? [`${cellsNamed(empty)} left out: ${noTrials}`] : []),
      ...(spreadless.length > 0 ? [`${cellsNamed(spreadless)} left out: ${noSpread}`] : []),
      ...(repeated.length > 0 ? [`${cellsNamed(repeated)} left out: ${again}`] : []),
      ...extremes(fit, indices),
      ...(requested === undefined ? others : []).map(
        (other) => `cells of the method ${other} are left out; to fit them, use --method ${other}`,
      ),
      ...(first?.event === 'escape before converging'
        ? [`${formula.estimate} refers to escape before converging, not to first exit`]
        : []),
      ...(pValue !== null && pValue < scatters && scale > 1
        ? [
            `the cells scatter about the line ${Number(scale.toPrecision(3))} times as much as chance (as a ` +
              'variance; ' +
              `p = ${Number(pValue.toPrecision(2))}, below ${scatters}), so the intervals are widened`,
          ]
        : []),
      ...(few > 0 && freedom > 0
        ? [
            `${few} of ${fit.cells.length} cells have fewer than ${fewEvents} fitted events, so the p-value is ` +
              'approximate',
          ]
        : []),
      ...doubtsOf(cells),
    ],
  }
  return faults.length === 0 ? found : fitWithoutBarrier(found, faults)
}

/** The same fit without its barrier, and why. At least one reason. */
export function fitWithoutBarrier(fit: SweepFit, faults: readonly BarrierFault[]): SweepFit {
  return { ...fit, temperature: fit.temperature && withoutBarrier(fit.temperature, faults), barrier: null }
}

const noTrials = 'no trials yet'
const noSpread = 'no escapes, or all values equal, so their spread is not known'
const again = 'a duplicate of another cell, whose trials count once'

/** Cells at the edge of what can be measured: they take part, since their counts have a likelihood like all others. */
function extremes({ family, cells }: Fit, indices: readonly number[]): string[] {
  if (family === 'normal') return []
  const where = (holds: (cell: Fit['cells'][number]) => boolean) => indices.filter((_, at) => holds(cells[at]!))
  const none = where(({ events }) => events === 0)
  const all = family === 'binomial' ? where(({ events, exposure }) => events === exposure) : []
  return [
    ...(none.length > 0 ? [`${cellsNamed(none)} without an event: included with a count of 0`] : []),
    ...(all.length > 0 ? [`${cellsNamed(all)} with the event in every trial: included as counted`] : []),
  ]
}

/** Reasons to doubt the fitted cells, except their temperatures, which the fit itself reports on. */
function doubtsOf(cells: readonly JudgedCell[]): string[] {
  return findingsOf(cells)
    .filter((finding) => finding.name !== 'temperature' && isDoubt(finding))
    .map(({ name, verdict, text, hint, count }) => {
      const then = hint === null ? '' : `; ${hint}`
      return `${name} ${verdict} in ${count} of ${cells.length} cells: ${text}${then}`
    })
}

/** The first of these that a sweep has is fitted. */
const fittedMethods: readonly Method['kind'][] = ['direct', 'splitting', 'tilt']

/** The method of a cell, read from its estimates or, where these do not show it, by the swept value of `method`. */
function methodOf({ estimates, params: { method } }: JudgedCell): Method['kind'] {
  const { escape: escaping } = estimates
  if (escaping?.replicas !== undefined) return 'splitting'
  if (escaping?.weights !== undefined) return 'tilt'
  const word = typeof method === 'object' && method !== null ? Object.keys(method)[0] : method
  return fittedMethods.find((each) => each === word) ?? 'direct'
}

const cellsNamed = (indices: readonly number[]): string =>
  indices.length === 1 ? `cell ${indices[0]}` : `${indices.length} cells`
