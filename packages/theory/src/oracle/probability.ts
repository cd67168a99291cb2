/** The probability nearest to a number that rounding, or a mesh that is too coarse, has led out of [0, 1]. */
export function probability(value: number): number {
  return Math.min(1, Math.max(0, value))
}
