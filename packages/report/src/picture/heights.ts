import type { Curve, Range } from './scene.ts'

/** The losses of a curve at `points` equally spaced positions over its view, and their range with a margin. */
export function heightsOf({ view, loss }: Curve, points: number): { values: readonly number[]; range: Range } {
  const [left, right] = view
  const values = Array.from({ length: points }, (_, i) => loss(left + ((right - left) * i) / (points - 1)))
  const finite = values.filter(Number.isFinite)
  const low = finite.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
  const high = finite.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  if (!(high > low)) return { values, range: [(low || 0) - 1, (low || 0) + 1] }
  const air = 0.06 * (high - low)
  return { values, range: [low - air, high + air] }
}
