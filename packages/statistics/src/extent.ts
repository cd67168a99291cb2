/**
 * The smallest and the largest of the values; `[Infinity, -Infinity]` if there are none.
 * `Math.min(...values)` would overflow the stack for tens of thousands of values; in a browser's threads, fewer values
 * are enough.
 */
export function extentOf(values: Iterable<number>): [least: number, most: number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  return [least, most]
}
