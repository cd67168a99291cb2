import type { CellsData, LiveSweep } from '@driftfarm/report'
import { useAnswer } from '../../live/useAnswer.ts'
import { useSlowly } from '../../live/useSlowly.ts'

/** The distinct values of a swept path: numbers in ascending order, other values as they first occur in the cells. */
export function valuesOf({ params }: Pick<CellsData, 'params'>, path: string): readonly unknown[] {
  const seen = new Map<string, unknown>()
  for (const value of params[path] ?? []) seen.set(JSON.stringify(value), value)
  const values = [...seen.values()]
  return values.every((value) => typeof value === 'number') ? values.sort((a, b) => a - b) : values
}

export interface Mapped {
  readonly x: string
  /** Null if there is only one axis. */
  readonly y: string | null
  readonly xs: readonly unknown[]
  readonly ys: readonly unknown[]
  /** The swept paths that are not axes of the map. `at` is the index of the chosen value in `values`. */
  readonly others: readonly { readonly path: string; readonly values: readonly unknown[]; readonly at: number }[]
  /**
   * Element `row * columns + column` belongs to this row and column of the map. It is the position of the cell in the
   * lists of `CellsData`; -1 if no cell has this row and column.
   */
  readonly grid: Int32Array
}

/** Returns null if the sweep has no axis. */
export function mapped(
  cells: Pick<CellsData, 'params' | 'index'>,
  requested: { readonly x?: string | undefined; readonly y?: string | undefined; readonly at?: string | undefined },
): Mapped | null {
  const paths = Object.keys(cells.params)
  if (paths.length === 0) return null
  const x =
    requested.x !== undefined && paths.includes(requested.x) ? requested.x : paths.find((path) => path !== requested.y)!
  const rest = paths.filter((path) => path !== x)
  const y = requested.y !== undefined && rest.includes(requested.y) ? requested.y : (rest[0] ?? null)
  const [xs, ys] = [valuesOf(cells, x), y === null ? [null] : valuesOf(cells, y)]
  const places = placesIn(requested.at)
  const others = paths
    .filter((path) => path !== x && path !== y)
    .map((path) => {
      const values = valuesOf(cells, path)
      return { path, values, at: Math.min(places.get(path) ?? 0, values.length - 1) }
    })
  const placeOf = (values: readonly unknown[]) => new Map(values.map((value, at) => [JSON.stringify(value), at]))
  const [columnOf, rowOf] = [placeOf(xs), placeOf(ys)]
  const wanted = others.map(({ path, values, at }) => [path, JSON.stringify(values[at])] as const)
  const grid = new Int32Array(xs.length * ys.length).fill(-1)
  for (let at = 0; at < cells.index.length; at++) {
    if (!wanted.every(([path, value]) => JSON.stringify(cells.params[path]![at]) === value)) continue
    const column = columnOf.get(JSON.stringify(cells.params[x]![at]))!
    const row = y === null ? 0 : rowOf.get(JSON.stringify(cells.params[y]![at]))!
    // Cells that differ only in something that is not a swept path, such as a point of a table, have the same column
    // and row. The map shows the first of these cells.
    if (grid[row * xs.length + column] === -1) grid[row * xs.length + column] = at
  }
  return { x, y, xs, ys, others, grid }
}

/** Parses `path=3,other=0` from the address. */
function placesIn(text: string | undefined): Map<string, number> {
  const places = new Map<string, number>()
  for (const part of (text ?? '').split(',')) {
    const at = part.lastIndexOf('=')
    const place = Number(part.slice(at + 1))
    if (at > 0 && Number.isInteger(place) && place >= 0) places.set(part.slice(0, at), place)
  }
  return places
}

export const placesText = (places: readonly (readonly [path: string, at: number])[]): string =>
  places.map(([path, at]) => `${path}=${at}`).join(',')

export type Shown = 'state' | 'value' | 'width' | 'trials'

export function numberOf(cells: CellsData, at: number, show: Shown, of: string): number | null {
  if (show === 'trials') return Number(cells.trials[at])
  const estimate = cells.estimates[of]
  if (estimate === undefined || show === 'state') return null
  const { value, low, high } = estimate
  if (show === 'value') return value[at] ?? null
  return low[at] === null || high[at] === null ? null : high[at]! - low[at]!
}

/** The range starts at 0 if the smallest number is below a quarter of the largest. */
export function domainOf(numbers: readonly (number | null)[]): readonly [number, number] | null {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const number of numbers) {
    if (number === null || !Number.isFinite(number)) continue
    low = Math.min(low, number)
    high = Math.max(high, number)
  }
  if (low > high) return null
  if (low >= 0 && low < high / 4) low = 0
  return [low, high]
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
  const { data } = useAnswer(
    'cells',
    { sweep: id },
    {
      renewedBy: [done, state],
      enabled: asks,
      placeholderData: (before) => before,
      staleTime: allCellsMs,
    },
  )
  return live?.cells ?? (asks ? (data ?? null) : null)
}
