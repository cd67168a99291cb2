import type { CellsData, LiveSweep } from '@driftfarm/report'
import { extentOf } from '@driftfarm/statistics'
import { useAnswer } from '../../live/useAnswer.ts'
import { useSlowly } from '../../live/useSlowly.ts'
import { isNumeric, partOf, type ViewAxis, viewAxes } from './axes.ts'
import type { SweepSearch } from './search.ts'

/** Positions on an axis, both inclusive. */
export type Range = readonly [from: number, to: number]

/** A rectangle of columns and rows. */
export interface Rectangle {
  readonly x: Range
  readonly y: Range
}

/** Cells with one value of the third axis, as rows and columns of a map. */
export interface Panel {
  /** The position on the third axis; 0 if there is no third axis. */
  readonly at: number
  /**
   * Element `row * columns + column` belongs to this row and column of the map. It is the position of the cell in the
   * lists of `CellsData`; -1 if no cell has this row and column.
   */
  readonly grid: Int32Array
}

/** How the axes of a sweep are spread over a view. */
export interface Mapped {
  readonly axes: readonly ViewAxis[]
  readonly x: ViewAxis
  /** Null for a curve over `x`. */
  readonly y: ViewAxis | null
  /** The axis whose values have a panel each; null if there is one panel. The method never is `x` or `y`. */
  readonly third: ViewAxis | null
  /** The remaining axes. `at` is the position of the chosen value. */
  readonly others: readonly { readonly axis: ViewAxis; readonly at: number }[]
  readonly panels: readonly Panel[]
  /** For axes of which only a part is shown, the position where the part begins. */
  readonly zoomed: ReadonlyMap<string, Range>
}

/** More panels would be too small to read; the third axis then has a slider like the others. */
const maxPanels = 25

/** An axis with one value tells nothing, so it is the last choice. The first choice is an axis of numbers. */
const useOf = (axis: ViewAxis): number => (axis.values.length > 1 ? 1 + Number(isNumeric(axis)) : 0)

/** Returns null if no cell has an axis. */
export function mapped(
  cells: Pick<CellsData, 'params' | 'index'>,
  { x: xPath, y: yPath, third: thirdPath, at, zoom }: Pick<SweepSearch, 'x' | 'y' | 'third' | 'at' | 'zoom'>,
): Mapped | null {
  const whole = viewAxes(cells)
  const zoomed = rangesIn(zoom, whole)
  const axes = whole.map((axis) => partOf(axis, zoomed.get(axis.path) ?? [0, axis.values.length - 1]))
  const named = (path: string | undefined, among: readonly ViewAxis[]) => among.find((axis) => axis.path === path)
  const byUse = [...axes].sort((a, b) => useOf(b) - useOf(a))
  const spatial = byUse.filter((axis, at) => at === 0 || axis.path !== 'method')
  const x = named(xPath, spatial) ?? spatial.find(({ path }) => path !== yPath)
  if (x === undefined || x.values.length === 0) return null
  const varied = spatial.filter((axis) => axis !== x && axis.values.length > 1)
  const fits = ({ values }: ViewAxis) => values.length > 1 && values.length <= maxPanels
  // Words beside an axis of numbers have a panel each: between two words there is nothing.
  const spread = varied.filter((axis) => isNumeric(axis) || !(isNumeric(x) && fits(axis)))
  const y = yPath === 'none' ? null : (named(yPath, varied) ?? spread[0] ?? null)
  const rest = axes.filter((axis) => axis !== x && axis !== y)
  const fitting = rest.filter(fits)
  const suitable = fitting.find((axis) => !isNumeric(axis)) ?? (y === null ? undefined : fitting[0])
  const third = thirdPath === 'none' ? null : (named(thirdPath, rest) ?? suitable ?? null)
  const places = rangesIn(at, rest)
  const others = rest.filter((axis) => axis !== third).map((axis) => ({ axis, at: places.get(axis.path)?.[0] ?? 0 }))
  const columns = x.values.length
  const panels = (third?.values ?? [null]).map((_, place) => ({
    at: place,
    grid: new Int32Array(columns * (y?.values.length ?? 1)).fill(-1),
  }))
  for (let cell = 0; cell < cells.index.length; cell++) {
    if (others.some((other) => other.axis.positions[cell] !== other.at)) continue
    const [column, row] = [x.positions[cell]!, y === null ? 0 : y.positions[cell]!]
    const grid = panels[third === null ? 0 : third.positions[cell]!]?.grid
    if (grid === undefined || column < 0 || row < 0) continue
    // Cells that differ only in something that is not a swept path, such as a point of a table, have the same column
    // and row. The map shows the first of these cells.
    if (grid[row * columns + column] === -1) grid[row * columns + column] = cell
  }
  return { axes, x, y, third, others, panels, zoomed }
}

/** Parses `path=2-5,other=3` from the address. Parts that the axes do not have are ignored. */
function rangesIn(text: string | undefined, axes: readonly ViewAxis[]): Map<string, Range> {
  const ranges = new Map<string, Range>()
  for (const part of text?.split(',') ?? []) {
    const [, path, first, last = first] = /^(.+)=(\d{1,9})(?:-(\d{1,9}))?$/.exec(part) ?? []
    const axis = axes.find((each) => each.path === path)
    const [from, to] = [Number(first), Number(last)]
    if (axis !== undefined && from <= to && to < axis.values.length) ranges.set(axis.path, [from, to])
  }
  return ranges
}

export const placesText = (places: readonly (readonly [path: string, place: number | string])[]): string =>
  places.map(([path, place]) => `${path}=${place}`).join(',')

/** The address of a rectangle of what is shown now. */
export function zoomText({ x, y, zoomed }: Mapped, rectangle: Rectangle): string {
  const all = new Map(zoomed)
  for (const [axis, [from, to]] of [[x, rectangle.x] as const, [y, rectangle.y] as const]) {
    const start = zoomed.get(axis?.path ?? '')?.[0] ?? 0
    if (axis !== null) all.set(axis.path, [start + from, start + to])
  }
  return placesText([...all].map(([path, [from, to]]) => [path, `${from}-${to}`]))
}

/** The shown cells as the condition of a figure: chosen values and zoomed parts of axes. Undefined for all cells. */
export function conditionOf({ axes, others, zoomed }: Mapped): string | undefined {
  const is = ({ path, values, labelOf }: ViewAxis, at: number) =>
    `${path} == ${typeof values[at] === 'number' ? values[at] : JSON.stringify(labelOf(at))}`
  const chosen = others.filter(({ axis }) => axis.values.length > 1).map(({ axis, at }) => is(axis, at))
  const parts = axes
    .filter(({ path }) => zoomed.has(path))
    .map((axis) =>
      !isNumeric(axis)
        ? `(${axis.values.map((_, at) => is(axis, at)).join(' || ')})`
        : `${axis.path} >= ${axis.values[0]} && ${axis.path} <= ${axis.values.at(-1)}`,
    )
  return [...chosen, ...parts].join(' && ') || undefined
}

export type Shown = NonNullable<SweepSearch['show']>

export function numberOf(cells: CellsData, at: number, show: Shown, of: string): number | null {
  if (show === 'trials') return Number(cells.trials[at])
  const estimate = cells.estimates[of]
  if (estimate === undefined || show === 'state') return null
  const { value, low, high } = estimate
  if (show === 'value') return value[at] ?? null
  return (low[at] ?? null) === null || (high[at] ?? null) === null ? null : high[at]! - low[at]!
}

/**
 * The range of the colours of all cells; null if nothing can be coloured. A linear range starts at 0 if the smallest
 * number is below a quarter of the largest. A logarithmic range has only positive numbers.
 */
export function domainOf(numbers: Iterable<number | null>, isLog = false): readonly [number, number] | null {
  const known = [...numbers].filter((number) => number !== null && Number.isFinite(number) && !(isLog && number <= 0))
  if (known.length === 0) return null
  const [low, high] = extentOf(known as number[])
  return [!isLog && low >= 0 && low < high / 4 ? 0 : low, high]
}

/** Minimum time in ms between two requests of all cells. */
const allCellsMs = 15_000

/**
 * The cells of a sweep, from the event stream. If there are too many cells for the stream, they are requested
 * separately.
 */
export function useCells(live: LiveSweep | null): CellsData | null {
  const { id = '', trials, state } = live?.status ?? {}
  const asks = live !== null && live.cells === null
  const done = useSlowly(trials?.done, allCellsMs)
  const following = { renewedBy: [done, state], enabled: asks, staleTime: allCellsMs }
  const { data } = useAnswer('cells', { sweep: id }, following)
  return live?.cells ?? (asks ? (data ?? null) : null)
}
