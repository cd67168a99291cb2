import type { Curvature } from './curvature.ts'

/** Curvature on the balls of radius k radius / count. */
type CurvatureUpTo = (radius: number, count: number) => readonly Curvature[]

/** Where balls are looked at: as surely as it can be had, and by a few samples. */
export interface Space {
  readonly sure: CurvatureUpTo
  readonly sampled: CurvatureUpTo
  readonly dimension: number
}

export interface Choice {
  /** Of an option or of the cell's escape: no other is considered. */
  readonly fixed: number | null
  /** Balls up to here are considered; D_0 must be inside. */
  readonly most: number
  readonly least: number
  /** What the bound is on a ball: lower is better, Infinity where it says nothing. */
  readonly score: (curvature: Curvature) => number
}

/** Radii tried at first, two to an octave. */
const octaves = 14
/** Halvings of the radius, until something is proven. */
const shrinks = 12
/** Nested balls of the final answer. */
const nested = 16

/** The ball with the best bound: a quick look by samples, then the curvature as surely as it can be had. */
export function chooseBall({ sure, sampled, dimension }: Space, { fixed, most, least, score }: Choice): Curvature {
  const count = dimension > 64 ? 2 : nested
  // On a line the mean curvature needs no smaller balls.
  if (fixed !== null) return sure(fixed, dimension === 1 ? 1 : count).at(-1)!
  let best = { radius: most, value: score(sampled(most, 4).at(-1)!) }
  // Too large to look around: two radii.
  const tries = dimension > 64 ? 2 : 2 * octaves
  for (let k = 1; k < tries; k++) {
    const radius = most / 2 ** (k / 2)
    if (radius <= least) break
    const value = score(sampled(radius, 4).at(-1)!)
    // Of balls as good as one another the smallest says most.
    if (value <= best.value) best = { radius, value }
  }
  // What is proven on a large ball may say less than the samples did: then a smaller one will do.
  let found: Curvature | null = null
  for (let top = Math.min(most, 1.2 * best.radius), k = 0; k < shrinks && top > least; k++, top /= 2) {
    found = sure(top, count).reduce((one, other) => (score(other) < score(one) ? other : one))
    if (score(found) < Number.POSITIVE_INFINITY) break
  }
  return found ?? sure(most, count).at(-1)!
}
