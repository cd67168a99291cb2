/**
 * The least and the largest of values: `[Infinity, -Infinity]` of none. Of as many as there are, where
 * `Math.min(...values)` overflows the stack from some ten thousand on, in threads of a browser first.
 */
export function extentOf(values: Iterable<number>): [least: number, most: number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  return [least, most]
}
