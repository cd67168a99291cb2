export interface Break {
  readonly at: number
  /** The order of the lowest derivative that jumps at this point: 0 for the function itself, 1 for its slope. */
  readonly order: number
}

/** A symmetric distribution of one number, in units of its own scale. */
export interface ScalarLaw {
  density(z: number): number
  /** P(xi > z) for z >= 0, with a relative error of a few units in the last place. */
  upper(z: number): number
  /** Where quadrature must cut: the density or its slope jumps there, or the density has a sharp peak nearby. */
  readonly kinks: readonly number[]
  /** The jumps of the density and its derivatives; empty if the density is smooth, even if its peak is sharp. */
  readonly breaks: readonly Break[]
  /**
   * The point beyond which the density is zero or negligible; Infinity for heavy tails. A step beyond this point is
   * negligible, because several shorter steps over the same distance are far more likely.
   */
  readonly reach: number
  /** How much finer a mesh must be for this density than for a normal density of the same scale. */
  readonly detail: number
}

/**
 * The `detail` of a density whose poles in the complex plane are one scale away from the real line. The oracle tries
 * finer and finer meshes; with this value, the second mesh is fine enough.
 */
export const poleDetail = 2.2

export function stretched(law: ScalarLaw, factor: number): ScalarLaw {
  return {
    density: (z) => law.density(z / factor) / factor,
    upper: (z) => law.upper(z / factor),
    kinks: law.kinks.map((kink) => kink * factor),
    breaks: law.breaks.map(({ at, order }) => ({ at: at * factor, order })),
    reach: law.reach * factor,
    detail: law.detail,
  }
}

/** P(from < xi < to), without cancellation in the tails. */
export function probabilityBetween(law: ScalarLaw, from: number, to: number): number {
  if (from >= 0) return law.upper(from) - law.upper(to)
  return to <= 0 ? law.upper(-to) - law.upper(-from) : 1 - law.upper(to) - law.upper(-from)
}
