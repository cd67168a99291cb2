let latest: { readonly min: number; readonly max: number; readonly points: readonly number[] } | undefined

/**
 * The numbers of trials at which stopping rules are checked: the distinct numbers ceil(min (5/4)^k) below max for
 * k = 0, 1, ..., and then max. BigInt keeps them exact.
 *
 *     checkPoints(1000, 2000) // [1000, 1250, 1563, 1954, 2000]
 */
export function checkPoints(min: number, max: number): readonly number[] {
  // Cached, since all cells of a sweep have the same `min` and `max`.
  if (latest?.min !== min || latest.max !== max) latest = { min, max, points: Object.freeze(list(min, max)) }
  return latest.points
}

function list(min: number, max: number): number[] {
  const points: number[] = []
  for (let numerator = BigInt(min), denominator = 1n; ; numerator *= 5n, denominator *= 4n) {
    const point = Number((numerator + denominator - 1n) / denominator)
    if (point >= max) return [...points, max]
    if (point !== points.at(-1)) points.push(point)
  }
}
