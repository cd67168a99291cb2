import { nearestWord } from '@driftfarm/formula'
import { parseEstimate } from '@driftfarm/spec'
import { areMonotone, hiddenAxesSentence, identifies, varyTogether } from '../axes/jointAxes.ts'
import { axisNamed, type Params, type Place, type SweptAxis } from '../axes/sweptAxes.ts'
import { cellsWhere } from '../axes/where.ts'
import type { CellResult, ResultsData } from '../document/results.ts'
import { FigureError } from '../error.ts'
import { estimateNames } from '../format/label.ts'
import type { Figure, FigureOptions } from './figure.ts'

/** The parts of the results that a figure needs. Of each cell that is read, only these parts remain in memory. */
export interface FiguredResults {
  readonly sweep: ResultsData['sweep']
  readonly cells: readonly FiguredCell[]
  /** Present if the sweep searches for a threshold. */
  readonly crossings?: NonNullable<ResultsData['crossings']>
}
export type FiguredCell = Pick<
  CellResult,
  'index' | 'params' | 'trials' | 'counts' | 'estimates' | 'checks' | 'stopped'
>

/** Throws if no cell meets the condition. */
export function selectCells(results: FiguredResults, where: string | undefined) {
  const chosen = cellsWhere(results.cells, where)
  if (chosen.cells.length === 0)
    throw new FigureError(
      'NOTHING_TO_DRAW',
      where === undefined ? `${results.sweep.name} has no cells` : `no cell of ${results.sweep.name} matches ${where}`,
      { hint: where === undefined ? null : 'change the condition of --where' },
    )
  return chosen
}

/** The cell with this index, or all cells if no index is given. */
export function withIndex<Cell extends { readonly index: number }>(cells: readonly Cell[], index: number | undefined) {
  const chosen = index === undefined ? cells : cells.filter((cell) => cell.index === index)
  if (chosen.length > 0) return chosen
  throw new FigureError('NO_SUCH_FIGURE', `there is no cell ${index}`, {
    hint: `the cells are ${cells[0]!.index} to ${cells.at(-1)!.index}`,
  })
}

export const varyingAxes = (axes: readonly SweptAxis[]): readonly SweptAxis[] =>
  axes.filter(({ places }) => places.length > 1)

/** Words have no distances, so they are better as series than on the axes of a figure. */
export const numbersFirst = (axes: readonly SweptAxis[]): readonly SweptAxis[] =>
  axes.toSorted((a, b) => Number(b.isNumeric) - Number(a.isNumeric))

export function estimateOf(cells: readonly FiguredCell[], requested: string | undefined): string {
  const known = estimateNames(cells)
  if (known.length === 0)
    throw new FigureError('NOTHING_TO_DRAW', 'no cell has trials yet', { hint: 'run the sweep first' })
  if (requested === undefined) return known.find((name) => parseEstimate(name)?.kind !== 'diverge') ?? known[0]!
  if (known.includes(requested)) return requested
  const near = nearestWord(requested, known)
  throw new FigureError('NO_SUCH_FIGURE', `no cell has an estimate named ${requested}`, {
    hint: `${near === undefined ? '' : `did you mean ${near}? `}the estimates are ${known.join(', ')}`,
  })
}

/**
 * Requested axes are assigned first. The other roles get the remaining axes, in the given order, but numbers go before
 * words on `x` and `y`. An axis may be skipped if it varies together with an assigned axis. As the axis of the series,
 * it might leave only one cell in each series. As the second axis of a map, it might show the same variation as the
 * first axis. Of the cells in `drawn`, returns those at the middle values of the axes that the figure cannot show.
 */
export function rolesOf<Role extends 'x' | 'y' | 'by' | 'panel', Cell extends { readonly params: Params }>(
  axes: readonly SweptAxis[],
  roles: readonly Role[],
  options: FigureOptions,
  cells: readonly Cell[],
  drawn = cells,
) {
  const taken = new Map<Role, SweptAxis>()
  for (const role of roles) {
    const requested = options[role]
    if (requested !== undefined) taken.set(role, axisNamed(axes, requested))
  }
  const isTaken = (axis: SweptAxis) => [...taken.values()].some(({ path }) => path === axis.path)
  const isBound = (axis: SweptAxis, role: Role) => {
    const binds = isPlace(role) ? areMonotone : varyTogether
    return [...taken.values()].some((other) => binds(other, axis, cells))
  }
  const varying = varyingAxes(axes)
  for (const role of roles) {
    if (taken.has(role)) continue
    const next = (isPlace(role) ? numbersFirst(varying) : varying).find(
      (axis) => !isTaken(axis) && !isBound(axis, role),
    )
    if (next !== undefined) taken.set(role, next)
  }
  const others = varying.filter((axis) => !isTaken(axis))
  // An axis without a role may vary only if it depends on a drawn axis. If a drawing has one axis, each value of the
  // drawn axis must determine the value of the axis without a role. If a drawing has several axes, the axis without a
  // role must vary together with one of them.
  const binds = roles.filter((role) => role !== 'panel').length === 1 ? identifies : varyTogether
  const isAlong = (axis: SweptAxis) => [...taken.values()].some((other) => binds(other, axis, cells))
  // Axes without a role that vary together with a drawn axis. Such axes are neither drawn nor held at one value.
  const along = others.filter(isAlong)
  const rest = others.filter((axis) => !isAlong(axis))
  const held = atMiddleValues(drawn, rest)
  return {
    roles: Object.fromEntries(taken) as Partial<Record<Role, SweptAxis>>,
    along,
    cells: held.cells,
    sentences: [...held.sentences, ...hiddenAxesSentence(along)],
  }
}

/**
 * Keeps only the cells at the middle value of each axis that the figure cannot show. If an axis kept
 * several values, the figure would mix different settings. The ends of an axis are often less informative than the
 * middle.
 */
function atMiddleValues<Cell extends { readonly params: Params }>(cells: readonly Cell[], rest: readonly SweptAxis[]) {
  let kept = cells
  const held: { readonly axis: SweptAxis; readonly place: Place }[] = []
  for (const axis of rest) {
    const there = new Set(kept.map(({ params }) => axis.placeOf(params)))
    const places = axis.places.filter((place) => there.has(place))
    const place = places[Math.floor((places.length - 1) / 2)]
    if (place === undefined || there.size === 1) continue
    kept = kept.filter(({ params }) => axis.placeOf(params) === place)
    held.push({ axis, place })
  }
  if (held.length === 0) return { cells: kept, sentences: [] }
  const text = held.map(({ axis, place }) => `${axis.title} = ${axis.textOf(place)}`).join(' and ')
  const others = held.map(({ axis: { title, places } }) => `${title} has ${places.length} values`).join(', ')
  return { cells: kept, sentences: [`Only cells with ${text} are shown (${others}).`] }
}

const isPlace = (role: string): boolean => role === 'x' || role === 'y'

export interface Series {
  /** Null if there is only one series. */
  readonly name: string | null
  has(params: Params): boolean
}

/** Colours cannot distinguish more series than this. */
export const maxSeries = 8

/** Selects at most `most` evenly spaced elements, including the first and the last. */
export function spread<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all
  return Array.from({ length: most }, (_, i) => all[Math.round((i * (all.length - 1)) / (most - 1))]!)
}

/** More panels would be too small. */
export const maxPanels = 6

/** A panel for each value of an axis. Without an axis, the figure is one drawing. */
export function inPanels<Cell extends { readonly params: Params }>(
  axis: SweptAxis | undefined,
  held: Drawn<Cell>,
  layersOf: (cells: readonly Cell[]) => Figure['layers'],
) {
  const { series, cells, sentences } = colouredSeries(axis, held, maxPanels)
  if (axis === undefined) return { cells, sentences, layers: layersOf(cells), panels: [] }
  const panels = series.map(({ name, has }) => ({
    title: `${axis.title} ${name}`,
    layers: layersOf(cells.filter(({ params }) => has(params))),
  }))
  return { cells, sentences, layers: [], panels }
}

interface Drawn<Cell> {
  readonly cells: readonly Cell[]
  readonly sentences: readonly string[]
}

export function colouredSeries<Cell extends { readonly params: Params }>(
  by: SweptAxis | undefined,
  { cells, sentences }: Drawn<Cell>,
  most = maxSeries,
) {
  const all = seriesOf(by, cells)
  if (all.length <= most) return { series: all, cells, sentences }
  const series = spread(all, most)
  return {
    series,
    cells: cells.filter(({ params }) => series.some(({ has }) => has(params))),
    sentences: [...sentences, `${most} of ${all.length} values of ${by!.title} are drawn.`],
  }
}

export function seriesOf(by: SweptAxis | undefined, cells: readonly { readonly params: Params }[]): readonly Series[] {
  if (by === undefined) return [{ name: null, has: () => true }]
  const there = new Set(cells.map(({ params }) => by.placeOf(params)))
  return by.places
    .filter((place) => there.has(place))
    .map((place) => ({
      name: by.textOf(place),
      has: (params) => by.placeOf(params) === place,
    }))
}
