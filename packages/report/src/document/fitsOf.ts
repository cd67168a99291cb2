import type { Method } from '@driftfarm/spec'
import {
  type BarrierTemperature,
  fitOf,
  type JudgedCell,
  readFitFormula,
  StatisticsError,
  type SweepFit,
} from '@driftfarm/statistics'
import { axisNamed, type SweptAxis, sweptAxes } from '../figures/axes.ts'
import type { Place } from '../figures/figure.ts'
import { whereOf } from '../figures/where.ts'
import { alike } from '../table/alike.ts'

/** Which cells of a sweep are fitted, and together with which. */
export interface FitOptions {
  readonly method?: Method['kind'] | undefined
  /** The path, or its end, for each value of which there is a fit of its own. */
  readonly by?: string | undefined
  /** A condition as `whereOf` reads it: other cells take no part. */
  readonly where?: string | undefined
}

/** The fits of a sweep: one, or one for each value of an axis. */
export interface SweepFits {
  readonly by: SweptAxis | null
  /** Those that were made; `at` is null where there is one for all. At least one. */
  readonly fits: readonly { readonly at: Place | null; readonly fit: SweepFit }[]
  /** The values of whose cells no fit could be made. */
  readonly refused: readonly { readonly at: Place; readonly why: string }[]
  readonly warnings: readonly string[]
}

/**
 * Fits a formula over cells, apart for each value of `by`. `temperatures` gives the temperature of the noise by cell
 * index. Throws where nothing can be fitted, in the words of the first value; a FigureError for a path that is not
 * swept; a FormulaError for a mistake in `where` or in a term.
 */
export function fitsOf(
  all: readonly JudgedCell[],
  text: string,
  temperatures: ReadonlyMap<number, BarrierTemperature>,
  { method, by, where }: FitOptions = {},
): SweepFits {
  // Its mistakes come before those of the cells.
  readFitFormula(text)
  const axes = sweptAxes(all)
  const holds = where === undefined ? () => true : whereOf(axes, where)
  const cells = all.filter(({ params }) => holds(params))
  if (cells.length === 0 && where !== undefined)
    throw new StatisticsError('FIT', `there is none with ${where}`, 'choose another --where')
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
  return {
    by: axis,
    fits,
    refused: refused.map(({ at, why }) => ({ at, why })),
    warnings: [
      ...alike(
        fits.flatMap(({ at, fit }) => fit.warnings.map((text) => ({ at, text }))),
        axis.title,
        fits.length,
      ),
      ...alike(
        refused.map(({ at, why }) => ({ at, text: `no fit: ${why}` })),
        axis.title,
        fits.length + refused.length,
      ),
    ],
  }
}
