/** A symmetric law of one number with a density, in units of its own scale. */
export interface ScalarLaw {
  density(z: number): number
  /** P(xi > z) for z >= 0, to a few units of the last place relative. */
  upper(z: number): number
  /** Where the density or its slope jumps, or where pieces are to end because it is sharp nearby. */
  readonly kinks: readonly number[]
  /** Beyond this the density is zero, or nothing beside what is reached in several steps; Infinity for heavy tails. */
  readonly reach: number
  /** How much finer than a normal density it must be sampled. */
  readonly detail: number
}

/** Detail of a density whose poles are one scale off the line: so fine that the second resolution is the last. */
export const poleDetail = 2.2

export function stretched(law: ScalarLaw, factor: number): ScalarLaw {
  return {
    density: (z) => law.density(z / factor) / factor,
    upper: (z) => law.upper(z / factor),
    kinks: law.kinks.map((kink) => kink * factor),
    reach: law.reach * factor,
    detail: law.detail,
  }
}

/** P(from < xi < to), without loss of digits in the tails. */
export function probabilityBetween(law: ScalarLaw, from: number, to: number): number {
  if (from >= 0) return law.upper(from) - (to === Number.POSITIVE_INFINITY ? 0 : law.upper(to))
  if (to <= 0) return law.upper(-to) - (from === Number.NEGATIVE_INFINITY ? 0 : law.upper(-from))
  const above = to === Number.POSITIVE_INFINITY ? 0 : law.upper(to)
  const below = from === Number.NEGATIVE_INFINITY ? 0 : law.upper(-from)
  return 1 - above - below
}
