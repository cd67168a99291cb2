import { groupedBy } from '@driftfarm/formula'
import { extentOf } from '@driftfarm/statistics'
import { ascending } from '../figure/edges.ts'
import type { Figure } from '../figure/figure.ts'
import { shareOf } from '../scale/ticks.ts'
import type { Size } from './tiles.ts'

/** From the middle of the largest sign of a point to its edge, in pixels. */
const pointReach = 6

const pointsOf = ({ layers }: Figure) => layers.flatMap((layer) => (layer.type === 'points' ? layer.points : []))

/**
 * Horizontal distance in pixels between series at the same place. Series are side by side at categories, and at numbers
 * if intervals of several series would cover one another.
 */
export function stepOf(figure: Figure, { width, height }: Size): number {
  const { x, y, series } = figure
  if (series.length < 2) return 0
  if (x.categories !== null) return Math.min(10, (0.7 * width) / Math.max(1, x.categories.length * series.length))
  const points = pointsOf(figure).filter(({ low, high }) => low !== null || high !== null)
  const places = ascending(points.map((point) => point.x)).map((place) => width * shareOf(x, place))
  const pixel = (value: number) => (y.scale === 'log' && value <= 0 ? 0 : height * shareOf(y, value))
  const covers = [...groupedBy(points, (point) => point.x).values()].some((there) => {
    const ranges = there.map(({ y, low, high }) => [pixel(low ?? y) - 3, pixel(high ?? y) + 3] as const)
    const sorted = ranges.sort(([a], [b]) => a - b)
    return sorted.some(([low], at) => at > 0 && low < sorted[at - 1]![1])
  })
  if (!covers) return 0
  const gaps = places.slice(1).map((place, i) => place - places[i]!)
  return Math.min(5, (0.6 * Math.min(width, ...gaps)) / series.length)
}

/** Pixels between the frame and the ends of the horizontal axis, so that points at these ends are inside the frame. */
export function insetsOf(figure: Figure, size: Size) {
  const step = stepOf(figure, size)
  const places = pointsOf(figure).map((point) => point.x)
  if (places.length === 0) return { insetLeft: 0, insetRight: 0 }
  const { x, series } = figure
  // The library draws categories with gaps of a fifth of the distance between them.
  const shareAt = (place: number | string): number =>
    x.categories === null
      ? Math.min(1, Math.max(0, shareOf(x, Number(place))))
      : (x.categories.indexOf(String(place)) + 0.6) / (x.categories.length + 0.2)
  const needed = (step * (series.length - 1)) / 2 + pointReach
  // Insets also shorten the axis. The divisor is that of equal insets at both ends.
  const inset = (share: number) => (share < 0.5 ? Math.max(0, (needed - share * size.width) / (1 - 2 * share)) : 0)
  const [first, last] = extentOf(places.map(shareAt))
  return { insetLeft: inset(first), insetRight: inset(1 - last) }
}
