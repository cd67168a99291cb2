import type { Method } from '@driftfarm/spec'
import { type Check, isDoubt } from '../check/check.ts'
import { findingsOf } from '../check/findings.ts'
import { StatisticsError } from '../error.ts'
import { type Arrhenius, arrhenius } from './arrhenius.ts'
import type { Fit } from './fitCells.ts'
import { type BarrierTemperature, barrierFactor, type FitTemperature, fitTemperature } from './fitTemperature.ts'
import { type FitFormula, readFitFormula } from './formula.ts'
import { fitStudy, type StudiedCell } from './study.ts'

/** A cell of a sweep, with what makes it doubtful. */
export interface JudgedCell extends StudiedCell {
  readonly checks: readonly Check[]
}

/** A line through the cells of a sweep, and what a reader must know of it. */
export interface SweepFit {
  readonly formula: FitFormula
  /** Of the fitted cells. */
  readonly method: Method['kind']
  readonly fit: Fit
  /** Indices of the fitted cells, in the order of `fit.cells`. */
  readonly indices: readonly number[]
  /** See `FitTemperature`; null where the formula does not speak of temperatures. */
  readonly temperature: FitTemperature | null
  /** null where no slope is a barrier. */
  readonly arrhenius: Arrhenius | null
  readonly warnings: readonly string[]
}

/** Fewer fitted events than this in a cell, and deviances are no longer chi-square. */
const fewEvents = 5

/**
 * The fit of a formula such as `log(escapeRate) ~ 1/T` over the cells of a sweep: those of one method, direct ones
 * where there are any and no other is asked for. `temperatures` are those of the noise by the index of the cell. Throws
 * a StatisticsError or a FormulaError.
 */
export function fitOf(
  all: readonly JudgedCell[],
  text: string,
  temperatures: ReadonlyMap<number, BarrierTemperature>,
  asked?: Method['kind'],
): SweepFit {
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
  const first = cells.map(({ estimates }) => estimates[formula.estimate]).find((estimate) => estimate !== undefined)
  const { fit, indices, empty, spreadless } = fitStudy(cells, formula, first?.confidence ?? 0.95)
  const { family, freedom, scale } = fit
  const temperature = fitTemperature(
    formula,
    fit,
    indices.map((index) => temperatures.get(index) ?? { unknown: 'its cells are not known' }),
  )
  const factor = barrierFactor(temperature)
  const few = family === 'normal' ? 0 : fit.cells.filter(({ fitted, exposure }) => fitted * exposure < fewEvents).length
  return {
    formula,
    method,
    fit,
    indices,
    temperature,
    arrhenius: factor === null ? null : arrhenius(fit, factor),
    warnings: [
      ...(empty.length > 0 ? [`${cellsNamed(empty)} left out: no trials yet`] : []),
      ...(spreadless.length > 0
        ? [
            `${cellsNamed(spreadless)} left out: without an escape, or with values that are all alike, no spread ` +
              'is known',
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
            `the cells scatter about the line ${Number(scale.toPrecision(3))} times as much as chance (squared): ` +
              'the intervals are widened by the root of this',
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
function doubtsOf(cells: readonly JudgedCell[]): string[] {
  return findingsOf(cells)
    .filter((finding) => finding.name !== 'temperature' && isDoubt(finding))
    .map(({ name, verdict, text, mend, count }) => {
      const then = mend === null ? '' : `; ${mend}`
      return `${name} ${verdict} in ${count} of ${cells.length} cells: ${text}${then}`
    })
}

/** In this order one is chosen. */
const fittedMethods: readonly Method['kind'][] = ['direct', 'splitting', 'tilt']

/** By its values; where it has none that tell, by what was swept. */
function methodOf({ estimates, params: { method } }: JudgedCell): Method['kind'] {
  const { escape: escaping } = estimates
  if (escaping?.replicas !== undefined) return 'splitting'
  if (escaping?.weights !== undefined) return 'tilt'
  const word = typeof method === 'object' && method !== null ? Object.keys(method)[0] : method
  return fittedMethods.find((each) => each === word) ?? 'direct'
}

const cellsNamed = (indices: readonly number[]): string =>
  indices.length === 1 ? `cell ${indices[0]}` : `${indices.length} cells`
