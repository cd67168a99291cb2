import { type Brackets, bracketsOf, type VisitedPlace } from './brackets.ts'

/** A point of a line that was visited: its value on the path, and the estimate there. */
export interface VisitedPoint extends VisitedPlace {
  readonly at: number
  readonly estimate: number
}

/** A crossing: the probability reaches the threshold between `low` and `high`. */
export interface Crossing {
  /** Where the estimates reach it, interpolated linearly. */
  readonly value: number
  readonly low: number
  readonly high: number
  /** Whether the probability grows along the path there. */
  readonly direction: 'rising' | 'falling'
}

export interface Crossings extends Omit<Brackets, 'brackets'> {
  readonly crossings: readonly Crossing[]
}

/**
 * The crossings of one line, of which all points were visited that its search asks for. `visited`: ordered by place.
 */
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
 * Where the polygon of the estimates first reaches the threshold. Its ends are decided for different sides, by
 * intervals that hold their estimates, so that it does.
 */
function interpolated(points: readonly VisitedPoint[], equals: number): number {
  const place = points.findIndex(
    ({ estimate }, i) => i > 0 && (estimate - equals) * (points[i - 1]!.estimate - equals) <= 0,
  )
  const [left, right] = [points[place - 1]!, points[place]!]
  if (left.estimate === right.estimate) return (left.at + right.at) / 2
  return left.at + ((equals - left.estimate) / (right.estimate - left.estimate)) * (right.at - left.at)
}
