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
