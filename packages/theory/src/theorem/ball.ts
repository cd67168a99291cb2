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
  /** Whether so much has been computed that no further ball is looked at. */
  readonly isSpent: () => boolean
}

export interface Choice {
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

/** The ball with the best bound: first chosen by samples, then with the curvature as rigorous as possible. */
export function chooseBall(
  { sure, sampled, dimension, isSpent }: Space,
  { fixed, most, least, score }: Choice,
): Curvature {
  const count = dimension > 64 ? 2 : nested
  // On a line the mean curvature is bounded without smaller balls.
  if (fixed !== null) return sure(fixed, dimension === 1 ? 1 : count).at(-1)!
  let best = { radius: most, value: score(sampled(most, 4).at(-1)!) }
  // In high dimension only two radii are tried, since each is expensive.
  const tries = dimension > 64 ? 2 : 2 * octaves
  for (let k = 1; k < tries; k++) {
    const radius = most / 2 ** (k / 2)
    if (radius <= least) break
    const value = score(sampled(radius, 4).at(-1)!)
    // Among balls with equal bounds the smallest says most, unless none of them says anything.
    if (value < best.value || (value === best.value && value < 1)) best = { radius, value }
  }
  // What is proven on a large ball may be less than the samples suggest; then a smaller ball is tried.
  let found: Curvature | null = null
  for (let top = Math.min(most, 1.2 * best.radius), k = 0; k < shrinks && top > least; k++, top /= 2) {
    found = sure(top, count).reduce((one, other) => (score(other) < score(one) ? other : one))
    if (score(found) < Number.POSITIVE_INFINITY || isSpent()) break
  }
  return found ?? sure(most, count).at(-1)!
}
