/**
 * Ascending values that divide a grid into `bands` bands of equal area. With one colour for each band, every part of a
 * landscape is visible: a narrow valley in a plain, and a plain beside walls a thousand times as high.
 */
export function quantiles(values: readonly (number | null)[], bands: number): readonly number[] {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b)
  const cuts = Array.from({ length: bands }, (_, i) => sorted[Math.floor((i * sorted.length) / bands)]!)
  return [...new Set(cuts)]
}
