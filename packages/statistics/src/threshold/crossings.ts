import type { ThresholdSide } from './search.ts'

export interface VisitedPlace {
  readonly place: number
  readonly side: ThresholdSide
}

/**
 * How many crossings of the threshold were found on a line. Without a crossing, the outcome is `none` if points were
 * visited and all of them are decided, and `undecided` otherwise.
 */
export type LineOutcome = 'one' | 'several' | 'none' | 'undecided'

/**
 * Two places between which the probability crosses the threshold: it is below the threshold at one of them and above at
 * the other. All visited places in between are undecided.
 */
export interface Bracket<Point extends VisitedPlace = VisitedPlace> {
  readonly left: Point
  readonly right: Point
}

export interface Brackets<Point extends VisitedPlace = VisitedPlace> {
  readonly found: LineOutcome
  readonly brackets: readonly Bracket<Point>[]
  /** The side of the threshold on which all points lie; null unless `found` is `none`. */
  readonly side: Exclude<ThresholdSide, 'undecided'> | null
  /** Whether each crossing is located to within one step of the grid. */
  readonly isLocated: boolean
}

/** If a bracket spans at most this many grid steps, its middle is at most one step from the crossing. */
const locatedSteps = 2

/**
 * If the probability is continuous along the path, all brackets of a line are valid simultaneously. Their joint
 * confidence is that of the intervals that decided the points. `visited` must be ordered by place.
 */
export function bracketsOf<Point extends VisitedPlace>(visited: readonly Point[]): Brackets<Point> {
  const decided = visited.filter(({ side }) => side !== 'undecided')
  const brackets = decided.flatMap((right, i): Bracket<Point>[] => {
    const left = decided[i - 1]
    return left === undefined || left.side === right.side ? [] : [{ left, right }]
  })
  const found = foundIn(brackets.length, decided.length > 0 && decided.length === visited.length)
  const isNarrow = brackets.every(({ left, right }) => right.place - left.place <= locatedSteps)
  const side = found === 'none' ? (decided[0]!.side as Exclude<ThresholdSide, 'undecided'>) : null
  return { found, brackets, side, isLocated: found !== 'undecided' && isNarrow }
}

function foundIn(brackets: number, isAllDecided: boolean): LineOutcome {
  if (brackets > 0) return brackets > 1 ? 'several' : 'one'
  return isAllDecided ? 'none' : 'undecided'
}

export interface VisitedPoint extends VisitedPlace {
  /** The value, at this point, of the parameter that varies along the line. */
  readonly at: number
  readonly estimate: number
}

/** A crossing: the probability reaches the threshold between `low` and `high`. */
export interface Crossing {
  /** The value at which the estimates reach the threshold, by linear interpolation. */
  readonly value: number
  readonly low: number
  readonly high: number
  readonly direction: 'rising' | 'falling'
}

export interface Crossings extends Omit<Brackets, 'brackets'> {
  readonly crossings: readonly Crossing[]
}

/** `visited` must be ordered by place and contain all points that the search of the line needs. */
export function crossingsOf(visited: readonly VisitedPoint[], equals: number): Crossings {
  const { brackets, ...rest } = bracketsOf(visited)
  const crossings = brackets.map(({ left, right }): Crossing => {
    const inside = visited.filter(({ place }) => place >= left.place && place <= right.place)
    const direction = right.side === 'above' ? 'rising' : 'falling'
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
