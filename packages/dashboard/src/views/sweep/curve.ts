import { type Axis, type CellsData, numberAxis, shareOf, valueAxis, withMargin } from '@driftfarm/report'
import { isNumeric, type ViewAxis } from './axes.ts'
import type { MapView } from './mapView.ts'

/** An estimate at one value of the axis. */
export interface CurvePoint {
  /** The value of the axis; for an axis of categories, the position of the category. */
  readonly x: number
  readonly value: number
  /** null: unbounded, or not known. */
  readonly low: number | null
  readonly high: number | null
  /** Whether trials are missing, or the checks doubt the estimate. */
  readonly isOpen: boolean
  /** Whether the vertical axis has no place for the value, since a log axis has none for 0. */
  readonly isLimit: boolean
}

/** The finite estimates of a row of cells, in the order of the axis. */
export function curvePoints(
  cells: CellsData,
  axis: ViewAxis,
  grid: Int32Array,
  of: string,
  isLog: boolean,
): readonly CurvePoint[] {
  const estimate = cells.estimates[of]
  return Array.from(grid).flatMap((cell, at) => {
    const value = estimate?.value[cell] ?? null
    if (estimate === undefined || value === null || !Number.isFinite(value)) return []
    const x = isNumeric(axis) ? (axis.values[at] as number) : at
    const isOpen = cells.state[cell] !== 'met' || cells.doubt[cell] !== null
    const isLimit = isLog && value <= 0
    return [{ x, value, low: estimate.low[cell] ?? null, high: estimate.high[cell] ?? null, isOpen, isLimit }]
  })
}

/** The points of another sweep that have a place on this axis of numbers. */
export const pointsOn = (axis: ViewAxis, other: ViewAxis, points: readonly CurvePoint[]): readonly CurvePoint[] =>
  isNumeric(axis) && isNumeric(other) ? points.filter(({ x }) => axis.scale.scale !== 'log' || x > 0) : []

/** The axes of curves, with room around their points. */
export function curveAxes(
  axis: ViewAxis,
  curves: readonly (readonly CurvePoint[])[],
  { label, isShare, isLog }: Pick<MapView, 'label' | 'isShare' | 'isLog'>,
) {
  const all = curves.flat()
  const extent = all.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value])
  const y = valueAxis(label, extent, { log: isLog, within: isShare ? [0, 1] : undefined })
  const { domain, ticks } = axis.scale
  // Categories stand at equal distances.
  if (domain === null) return { x: numberAxis(axis.name, [-0.5, axis.values.length - 0.5]), y }
  const [first, last] = all.reduce(([low, high], { x }) => [Math.min(low, x), Math.max(high, x)], domain)
  // Values of the axis are no ticks for curves that go beyond them.
  const own = first < domain[0] || last > domain[1] ? null : ticks
  return { x: withMargin({ ...axis.scale, domain: [first, last], ticks: own }), y }
}

/** Pixels of a place inside the axes. Limits that the vertical axis cannot show are at its ends. */
export function placesIn({ x, y }: { readonly x: Axis; readonly y: Axis }, width: number, height: number) {
  const [lowest, highest] = y.domain!
  return {
    px: (value: number): number => width * shareOf(x, value),
    py: (value: number): number => height * (1 - shareOf(y, Math.min(highest, Math.max(lowest, value)))),
  }
}
