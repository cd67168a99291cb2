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

interface VisitedPlace {
  readonly place: number
  readonly side: ThresholdSide
}

/** If a bracket spans at most this many grid steps, its middle is at most one step from the crossing. */
const locatedSteps = 2

/**
 * The brackets of a line: pairs of places between which the probability crosses the threshold. It is below the
 * threshold at one of them and above at the other, and all visited places in between are undecided. If the probability
 * is continuous along the path, all brackets of a line are valid simultaneously. Their joint confidence is that of the
 * intervals that decided the points. `visited` must be ordered by place.
 *
 * `found` says how many crossings were found: without one, it is `none` if points were visited and all of them are
 * decided, and `undecided` otherwise. `side` is the side on which all points lie; null unless `found` is `none`.
 * `isLocated` says whether each crossing is located to within one step of the grid.
 */
export function bracketsOf<Point extends VisitedPlace>(visited: readonly Point[]) {
  const decided = visited.filter(({ side }) => side !== 'undecided')
  const brackets = decided.flatMap((right, i) => {
    const left = decided[i - 1]
    return left === undefined || left.side === right.side ? [] : [{ left, right }]
  })
  const found = foundIn(brackets.length, decided.length > 0 && decided.length === visited.length)
  const isNarrow = brackets.every(({ left, right }) => right.place - left.place <= locatedSteps)
  const side = found === 'none' ? (decided[0]!.side as Exclude<ThresholdSide, 'undecided'>) : null
  return { found, brackets, side, isLocated: found !== 'undecided' && isNarrow }
}

function foundIn(brackets: number, isAllDecided: boolean): 'one' | 'several' | 'none' | 'undecided' {
  if (brackets > 0) return brackets > 1 ? 'several' : 'one'
  return isAllDecided ? 'none' : 'undecided'
}

export interface VisitedPoint extends VisitedPlace {
  /** The value, at this point, of the parameter that varies along the line. */
  readonly at: number
  readonly estimate: number
}

/**
 * The crossings of a line: the probability reaches the threshold between `low` and `high`. At `value` the estimates
 * reach it, by linear interpolation. `visited` must be ordered by place and contain all points that the search of the
 * line needs.
 */
export function crossingsOf(visited: readonly VisitedPoint[], equals: number) {
  const { brackets, ...rest } = bracketsOf(visited)
  const crossings = brackets.map(({ left, right }) => {
    const inside = visited.filter(({ place }) => place >= left.place && place <= right.place)
    const direction = right.side === 'above' ? ('rising' as const) : ('falling' as const)
    return { value: interpolated(inside, equals), low: left.at, high: right.at, direction }
  })
  return { ...rest, crossings }
}

/**
 * The confidence intervals of the first and the last point lie on different sides of the threshold, and each interval
 * contains its estimate. So the threshold lies between the estimates of at least one pair of neighbouring points.
 */
function interpolated(points: readonly VisitedPoint[], equals: number): number {
  const place = points.findIndex(
    ({ estimate }, i) => i > 0 && (estimate - equals) * (points[i - 1]!.estimate - equals) <= 0,
  )
  const [left, right] = [points[place - 1]!, points[place]!]
  if (left.estimate === right.estimate) return (left.at + right.at) / 2
  return left.at + ((equals - left.estimate) / (right.estimate - left.estimate)) * (right.at - left.at)
}
