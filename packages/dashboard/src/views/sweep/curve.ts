import { type Axis, type CellsData, numberAxis, shareOf, valueAxis, withMargin } from '@driftfarm/report'
import type { ViewAxis } from './axes.ts'

/** An estimate at one value of the axis. */
export interface CurvePoint {
  /** The value of the axis; for an axis of categories, the position of the category. */
  readonly x: number
  readonly value: number
  /** null: unbounded, or not known. */
  readonly low: number | null
  readonly high: number | null
  /** Whether the requested trials are done, or the stopping rule is met. */
  readonly isMet: boolean
  readonly doubt: CellsData['doubt'][number]
}

/** The finite estimates of a row of cells, in the order of the axis. */
export function curvePoints(cells: CellsData, axis: ViewAxis, grid: Int32Array, of: string): readonly CurvePoint[] {
  const estimate = cells.estimates[of]
  if (estimate === undefined) return []
  return Array.from(grid).flatMap((cell, at) => {
    const value = cell < 0 ? null : (estimate.value[cell] ?? null)
    if (value === null || !Number.isFinite(value)) return []
    const x = axis.scale.domain === null ? at : (axis.values[at] as number)
    const [low, high] = [estimate.low[cell] ?? null, estimate.high[cell] ?? null]
    return [{ x, value, low, high, isMet: cells.state[cell] === 'met', doubt: cells.doubt[cell] ?? null }]
  })
}

/** The points of another sweep on this axis. Categories that the axis lacks are left out. */
export function pointsOn(axis: ViewAxis, other: ViewAxis, points: readonly CurvePoint[]): readonly CurvePoint[] {
  if (axis.scale.domain !== null)
    return other.scale.domain === null ? [] : points.filter(({ x }) => axis.scale.scale !== 'log' || x > 0)
  const labels = axis.values.map((_, at) => axis.labelOf(at))
  return points
    .map((point) => ({ ...point, x: labels.indexOf(other.labelOf(point.x)) }))
    .filter(({ x }) => x >= 0)
    .sort((a, b) => a.x - b.x)
}

interface CurveOptions {
  /** The name of the estimate. */
  readonly label: string
  readonly isShare: boolean
  readonly isLog: boolean
}

export interface CurveAxes {
  readonly x: Axis
  readonly y: Axis
}

/** The axes of curves, with room around their points. */
export function curveAxes(
  axis: ViewAxis,
  curves: readonly (readonly CurvePoint[])[],
  { label, isShare, isLog }: CurveOptions,
): CurveAxes {
  const all = curves.flat()
  const extent = all.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value])
  const y = valueAxis(label, extent, { log: isLog, within: isShare ? [0, 1] : undefined })
  const { domain } = axis.scale
  // Categories stand at equal distances.
  if (domain === null) return { x: numberAxis(axis.name, [-0.5, axis.values.length - 0.5]), y }
  const [first, last] = all.reduce(([low, high], { x }) => [Math.min(low, x), Math.max(high, x)], [...domain])
  return { x: withMargin({ ...axis.scale, domain: [first!, last!] }), y }
}

export interface Frame {
  readonly left: number
  readonly top: number
  /** Size of the area inside the axes in pixels. */
  readonly width: number
  readonly height: number
}

/** Pixels of a place inside the axes. Limits that the vertical axis cannot show are at its ends. */
export function placesIn({ x, y }: CurveAxes, { left, top, width, height }: Frame) {
  const [lowest, highest] = y.domain!
  const inside = (value: number): number => Math.min(highest, Math.max(lowest, value))
  return {
    px: (value: number): number => left + width * shareOf(x, value),
    py: (value: number): number => top + height * (1 - shareOf(y, inside(value))),
    /** Whether the vertical axis has a place for the value. A log axis has none for 0. */
    has: (value: number): boolean => y.scale !== 'log' || value > 0,
  }
}
