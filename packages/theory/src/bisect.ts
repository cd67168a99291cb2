/**
 * Bisects to full precision, or for `rounds` rounds. `stops` must be false at `from` and true at `to`, which may be the
 * lower of the two. Returns two neighbouring points of which only the second stops.
 */
export function bisect(
  from: number,
  to: number,
  stops: (x: number) => boolean,
  rounds = Number.POSITIVE_INFINITY,
): readonly [before: number, after: number] {
  let [before, after] = [from, to]
  for (let round = 0; round < rounds; round++) {
    const middle = (before + after) / 2
    if (middle === before || middle === after) break
    if (stops(middle)) after = middle
    else before = middle
  }
  return [before, after]
}
