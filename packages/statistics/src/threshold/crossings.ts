import { type Brackets, bracketsOf, type VisitedPlace } from './brackets.ts'

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
