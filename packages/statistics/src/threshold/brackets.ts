import type { ThresholdSide } from './search.ts'

/** A place of a line that was visited, and what its trials told. */
export interface VisitedPlace {
  readonly place: number
  readonly side: ThresholdSide
}

/** What a line shows: `undecided` where no crossing is proven and some point may lie on either side. */
export type LineOutcome = 'one' | 'several' | 'none' | 'undecided'

/**
 * The places between which the probability crosses the threshold: decided for different sides, all between undecided.
 */
export interface Bracket<Point extends VisitedPlace = VisitedPlace> {
  readonly left: Point
  readonly right: Point
}

export interface Brackets<Point extends VisitedPlace = VisitedPlace> {
  readonly found: LineOutcome
  readonly brackets: readonly Bracket<Point>[]
  /** The side on which all points lie; null unless `found` is none. */
  readonly side: Exclude<ThresholdSide, 'undecided'> | null
  /** Whether it is answered to within one step of the grid: each bracket holds at most one undecided point. */
  readonly isLocated: boolean
}

/** Steps of a bracket from the middle of which the crossing is at most one step away. */
const locatedSteps = 2

/**
 * The brackets of one line. All of them hold together with the confidence of the intervals that decided the points, as
 * far as the probability is continuous along the path. `visited`: ordered by place.
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
