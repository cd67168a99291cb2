import type { Curvature } from './curvature.ts'

/** The curvature on the balls of radius k radius / count, k = 1 .. count. */
type CurvatureUpTo = (radius: number, count: number) => readonly Curvature[]

/**
 * The two ways of bounding the curvature on balls: as rigorous as possible (`sure`), and quickly from a few samples
 * (`sampled`).
 */
export interface Space {
  readonly sure: CurvatureUpTo
  readonly sampled: CurvatureUpTo
  readonly dimension: number
  /** Whether so much has been computed that no further ball is examined. */
  readonly isSpent: () => boolean
}

export interface ChosenBall {
  /** The radius given by an option or by the cell's escape; no other is considered then. */
  readonly fixed: number | null
  /** The largest radius considered; `least` is the smallest. D_0 must be inside the ball. */
  readonly most: number
  readonly least: number
  /** The value of the bound on a ball: lower is better, Infinity where it says nothing. */
  readonly score: (curvature: Curvature) => number
}

/** The range of the radii that are tried first, two in each octave. */
const octaves = 14
/** The largest number of halvings of the radius until something is proven. */
const shrinks = 12
/** The number of nested balls of the final answer. */
const nested = 16

/** Whether a larger ball is to be preferred: among balls whose bounds say nothing it is left least often. */
const isBetter = (larger: number, smaller: number): boolean =>
  larger < smaller || (larger === smaller && larger >= 1 && larger < Number.POSITIVE_INFINITY)

/** The ball with the best bound: first chosen by samples, then with the curvature as rigorous as possible. */
export function chooseBall(
  { sure, sampled, dimension, isSpent }: Space,
  { fixed, most, least, score }: ChosenBall,
): Curvature {
  const count = dimension > 64 ? 2 : nested
  // On a line the mean curvature is bounded without smaller balls.
  if (fixed !== null) return sure(fixed, dimension === 1 ? 1 : count).at(-1)!
  const samples = dimension === 1 ? 64 : dimension === 2 ? 16 : 4
  // In high dimension only two radii are tried, since each is expensive.
  const tries = dimension > 64 ? 2 : 2 * octaves
  const radii = Array.from({ length: tries }, (_, k) => most / 2 ** (k / 2)).filter((radius) => radius > least)
  let best = { radius: most, value: Number.POSITIVE_INFINITY }
  for (const radius of radii.reverse()) {
    const value = score(sampled(radius, samples).at(-1)!)
    if (isBetter(value, best.value)) best = { radius, value }
    // What a ball does not hold no larger one does, though its samples, which lie farther apart, may miss the place.
    else if (value === Number.POSITIVE_INFINITY && best.value < value) break
  }
  // What is proven on a large ball may be less than the samples suggest; then a smaller ball is tried. Samples show
  // first where a ball is too large: to prove that would take the work that a smaller ball needs.
  let found: Curvature | null = null
  for (let top = Math.min(most, 1.2 * best.radius), k = 0; k < shrinks && top > least; k++, top /= 2) {
    const promising = sampled(top, samples).findLast((ball) => score(ball) < Number.POSITIVE_INFINITY)
    if (promising === undefined) continue
    top = Math.min(top, 1.2 * promising.radius)
    found = sure(top, count).reduce((one, other) => (isBetter(score(other), score(one)) ? other : one))
    if (score(found) < Number.POSITIVE_INFINITY || isSpent()) break
  }
  return found ?? sure(most, count).at(-1)!
}
