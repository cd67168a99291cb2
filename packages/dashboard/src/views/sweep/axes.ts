import {
  type Axis,
  axisOfPath,
  type CellsData,
  paramTitles,
  subtreeLabels,
  type Tick,
  tickFormat,
  tileTicks,
} from '@driftfarm/report'

/** A swept path as an axis of a view. Paths that vary together, such as zipped lists, are one axis. */
export interface ViewAxis {
  readonly path: string
  /** The last keys of the path, as few as distinguish it from the other paths, such as `eta` for `update.eta`. */
  readonly title: string
  /** The title, with those of the paths that vary together. */
  readonly name: string
  /** Numbers in ascending order, other values in the order of the cells. */
  readonly values: readonly unknown[]
  labelOf(position: number): string
  /** For numbers, the range and whether the values are spaced evenly on a log scale. */
  readonly scale: Axis
  /** For each cell, the position of its value in `values`; -1 if the cell has no value. */
  readonly positions: Int32Array
}

/** Whether there are values between two values of the axis. Words and mappings are categories. */
export const isNumeric = ({ scale }: ViewAxis): boolean => scale.domain !== null

/** The swept paths of cells as axes, in the order of the spec. */
export function viewAxes({ params, index }: Pick<CellsData, 'params' | 'index'>): readonly ViewAxis[] {
  const paths = Object.keys(params)
  const names = paramTitles(paths)
  const axes: ViewAxis[] = []
  for (const [at, path] of paths.entries()) {
    const axis = axisOf(path, names[at]!, params[path]!, index.length)
    const twin = axes.findIndex((other) => areOne(other, axis))
    if (twin < 0) axes.push(axis)
    else axes[twin] = { ...axes[twin]!, name: `${axes[twin]!.name} with ${axis.name}` }
  }
  return axes
}

function axisOf(path: string, title: string, column: readonly unknown[], cells: number): ViewAxis {
  const seen = new Map<unknown, unknown>()
  for (const value of column) if (value !== null) seen.set(keyOf(value), value)
  const values = [...seen.values()]
  const areNumbers = values.length > 0 && values.every((value) => typeof value === 'number')
  if (areNumbers) (values as number[]).sort((a, b) => a - b)
  const placeOf = new Map(values.map((value, at) => [keyOf(value), at]))
  const positions = Int32Array.from({ length: cells }, (_, at) => placeOf.get(keyOf(column[at])) ?? -1)
  const texts = areNumbers ? null : subtreeLabels(values)
  const places = texts ?? (values as number[])
  const scale = axisOfPath({ path, title, isNumeric: areNumbers, places }, null)
  // Long axes have thousands of numbers, of which few are ever shown.
  let format: ((value: number) => string) | null = null
  const labelOf = (at: number): string => {
    if (texts !== null) return texts[at] ?? ''
    format ??= tickFormat(values as number[])
    return format(values[at] as number)
  }
  return { path, title, name: title, values, labelOf, scale, positions }
}

/** Texts, numbers and truth values are their own keys, because cells are read often and are many. */
const keyOf = (value: unknown): unknown => (typeof value === 'object' ? JSON.stringify(value) : value)

/** Whether each value of one axis occurs only with the value of the other at the same place, from either end. */
function areOne({ values, positions }: ViewAxis, other: ViewAxis): boolean {
  const last = values.length - 1
  if (last < 1 || other.values.length !== values.length) return false
  return (
    positions.every((place, at) => place === other.positions[at]) ||
    positions.every((place, at) => place === last - other.positions[at]!)
  )
}

/** The part of an axis from the position `from` to the position `to`, inclusive. */
export function partOf(axis: ViewAxis, [from, to]: readonly [number, number]): ViewAxis {
  if (from === 0 && to === axis.values.length - 1) return axis
  const values = axis.values.slice(from, to + 1)
  const labelOf = (at: number): string => axis.labelOf(from + at)
  const places = isNumeric(axis) ? (values as number[]) : values.map((_, at) => labelOf(at))
  const own = axisOfPath({ path: axis.path, title: axis.name, isNumeric: isNumeric(axis), places }, null)
  // The part of a log axis is also shown on a log axis, even if it is short.
  const scale: Axis = { ...own, scale: axis.scale.scale }
  const positions = axis.positions.map((place) => (place < from || place > to ? -1 : place - from))
  return { ...axis, values, labelOf, scale, positions }
}

/** So few numbers are ticks themselves, also long ones such as 0.2887. */
const maxNamed = 12

/**
 * Ticks of an axis whose cells have equal sizes, with room for about `count` of them. If there are more numbers, the
 * ticks are round numbers, between the middles of the cells where they belong.
 */
export function cellTicks(axis: ViewAxis, count: number): readonly Tick[] {
  const { values, labelOf } = axis
  const most = Math.max(2, count)
  if (values.length <= maxNamed || !isNumeric(axis)) {
    const every = Math.ceil(values.length / most)
    const middle = (at: number) => (at + 0.5) / values.length
    return values.flatMap((_, at) => (at % every === 0 ? [{ at: middle(at), text: labelOf(at) }] : []))
  }
  const ticks: Tick[] = []
  for (const tick of tileTicks(values as number[], Math.max(3, Math.min(10, most, values.length - 1))))
    if (ticks.length === 0 || tick.at - ticks.at(-1)!.at >= 0.6 / most) ticks.push(tick)
  return ticks
}
