import type { Method } from '@driftfarm/spec'
import {
  type BarrierTemperature,
  fitOf,
  type JudgedCell,
  readFitFormula,
  StatisticsError,
  type SweepFit,
} from '@driftfarm/statistics'
import { axisNamed, type Place, type SweptAxis, sweptAxes } from '../axes/sweptAxes.ts'
import { parseWhere } from '../axes/where.ts'
import { mergeStatements, noFitTexts } from '../format/mergeStatements.ts'

/** Which cells of a sweep are fitted, and in which groups. */
export interface FitOptions {
  readonly method?: Method['kind'] | undefined
  /** A swept path or its ending, such as `eta` for `update.eta`. Each value of the path gets a separate fit. */
  readonly by?: string | undefined
  /** A condition for `parseWhere`. Cells that do not meet it are left out. */
  readonly where?: string | undefined
}

export interface SweepFits {
  readonly by: SweptAxis | null
  /** The fits that succeeded, at least one. `at` is null if there is one fit for all cells. */
  readonly fits: readonly { readonly at: Place | null; readonly fit: SweepFit }[]
  readonly refused: readonly { readonly at: Place; readonly why: string }[]
  readonly warnings: readonly string[]
}

/**
 * Fits a formula over cells, separately for each value of `by`. `temperatures` gives the temperature of the noise by
 * cell index. If no value of `by` has a fit, throws the error of the first value. Throws a FigureError if `by` is
 * not a swept path, and a FormulaError for a mistake in `where` or in a term.
 */
export function fitsOf(
  all: readonly JudgedCell[],
  text: string,
  temperatures: ReadonlyMap<number, BarrierTemperature>,
  { method, by, where }: FitOptions = {},
): SweepFits {
  // Mistakes in the formula are reported before problems with the cells.
  readFitFormula(text)
  const axes = sweptAxes(all)
  const holds = where === undefined ? () => true : parseWhere(axes, where)
  const cells = all.filter(({ params }) => holds(params))
  if (cells.length === 0 && where !== undefined)
    throw new StatisticsError('FIT', `no cell matches ${where}`, 'change the condition of --where')
  if (by === undefined) {
    const fit = fitOf(cells, text, temperatures, method)
    return { by: null, fits: [{ at: null, fit }], refused: [], warnings: fit.warnings }
  }
  const axis = axisNamed(axes, by)
  const fits: { at: Place; fit: SweepFit }[] = []
  const refused: { at: Place; why: string; error: StatisticsError }[] = []
  for (const at of axis.places) {
    const group = cells.filter(({ params }) => axis.placeOf(params) === at)
    if (group.length === 0) continue
    try {
      fits.push({ at, fit: fitOf(group, text, temperatures, method) })
    } catch (error) {
      if (!(error instanceof StatisticsError) || error.code !== 'FIT') throw error
      refused.push({ at, why: error.found, error })
    }
  }
  if (fits.length === 0 && refused.length > 0) throw refused[0]!.error
  const said = fits.flatMap(({ at, fit }) => fit.warnings.map((text) => ({ at, text })))
  return {
    by: axis,
    fits,
    refused: refused.map(({ at, why }) => ({ at, why })),
    warnings: [...mergeStatements(said, axis.title, fits.length), ...noFitTexts(refused, axis.title, fits.length)],
  }
}
