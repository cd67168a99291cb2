/**
 * Ascending values that divide a grid into `bands` bands of equal area. So every part of a landscape is visible, even a
 * narrow valley in a plain, or walls a thousand times as high as the rest.
 */
export function quantiles(values: readonly (number | null)[], bands: number): readonly number[] {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b)
  const cuts = Array.from({ length: bands }, (_, i) => sorted[Math.floor((i * sorted.length) / bands)]!)
  return [...new Set(cuts)]
}
