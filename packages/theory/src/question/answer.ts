/** Returns the probability nearest to a number that rounding or a coarse mesh has moved out of [0, 1]. */
export function probability(value: number): number {
  return Math.min(1, Math.max(0, value))
}

/** Probabilities that are too small for a double are replaced by this value. */
export const tiny = 1e-300
