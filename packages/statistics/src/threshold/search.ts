import type { Searched } from '@driftfarm/spec'

/** On which side of the threshold the probability at a point lies; undecided where its trials did not tell. */
export type ThresholdSide = 'above' | 'below' | 'undecided'

/**
 * What is known about a point of a line by its place 0 .. points - 1; `open` while its trials run, absent unvisited.
 */
export type SearchLine = ReadonlyMap<number, ThresholdSide | 'open'>

/**
 * Into how many intervals a line is divided at first. Two crossings within one of them, or a crossing and its return,
 * are not seen.
 */
const firstIntervals = 8

/** The places that a search visits whatever it finds: the two ends and seven between them, or all of a coarser grid. */
export function firstPlaces({ points }: Pick<Searched, 'points'>): readonly number[] {
  const step = Math.max(1, (points - 1) / firstIntervals)
  return Array.from({ length: (points - 1) / step + 1 }, (_, i) => i * step)
}

/**
 * The places of a line that are to be visited next; none once the search has ended, or while it waits for open points.
 * An interval is halved where its ends lie on different sides, or where one of them is undecided: what lies between an
 * undecided end and a decided one narrows the crossing. Whether a place is visited depends on the ends of the intervals
 * that hold it alone, so the same places are visited in whatever order points are decided.
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
