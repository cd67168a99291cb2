/**
 * The smallest and the largest of the values; `[Infinity, -Infinity]` if there are none. Works for any number of
 * values. `Math.min(...values)` overflows the stack above some ten thousand values, and in the threads of a browser
 * even earlier.
 */
export function extentOf(values: Iterable<number>): [least: number, most: number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  return [least, most]
}
