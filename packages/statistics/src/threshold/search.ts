import type { Searched } from '@driftfarm/spec'

/** The side of the threshold on which the probability lies; undecided if the trials do not show it. */
export type ThresholdSide = 'above' | 'below' | 'undecided'

/**
 * The visited points of a line, by place (0 .. points - 1). The value is the side of the point, or `open` while trials
 * of the point run.
 */
export type SearchLine = ReadonlyMap<number, ThresholdSide | 'open'>

/**
 * The number of intervals between the places that a search always visits. If the probability crosses the threshold
 * twice within one of these intervals, both crossings are missed.
 */
const firstIntervals = 8

/** The places that a search always visits. */
export function firstPlaces({ points }: Pick<Searched, 'points'>): readonly number[] {
  const step = Math.max(1, (points - 1) / firstIntervals)
  return Array.from({ length: (points - 1) / step + 1 }, (_, i) => i * step)
}

/**
 * The places of a line to visit next; empty if the search has ended, or while it waits for open points. An interval is
 * halved if its ends lie on different sides of the threshold. It is also halved if exactly one end is undecided, as a
 * decided point in between can narrow the bracket of a crossing. Whether a place is visited depends only on the ends
 * of the intervals that contain this place, not on the order in which points are decided.
 */
export function nextPlaces({ points }: Pick<Searched, 'points'>, line: SearchLine): readonly number[] {
  const first = firstPlaces({ points })
  const wanted = first.filter((place) => !line.has(place))
  const halve = (low: number, high: number): void => {
    const [left, right] = [line.get(low), line.get(high)]
    if (high - low < 2 || left === undefined || right === undefined || left === 'open' || right === 'open') return
    if (left === right) return
    const middle = (low + high) / 2
    if (!line.has(middle)) wanted.push(middle)
    halve(low, middle)
    halve(middle, high)
  }
  for (const [i, low] of first.entries()) if (i + 1 < first.length) halve(low, first[i + 1]!)
  return wanted
}
