type Neighbours = readonly [before: number, after: number]

/**
 * Bisects to full precision, or for `rounds` rounds. `stops` must be false at `from` and true at `to`, which may be the
 * lower of the two. Returns two neighbouring points of which only the second stops.
 */
export function bisect(
  from: number,
  to: number,
  stops: (x: number) => boolean,
  rounds = Number.POSITIVE_INFINITY,
): Neighbours {
  let [before, after] = [from, to]
  for (let round = 0; round < rounds; round++) {
    const middle = (before + after) / 2
    if (middle === before || middle === after) break
    if (stops(middle)) after = middle
    else before = middle
  }
  return [before, after]
}

/** The index of the last node that is at most x and has a next node; 0 if there is none. */
export function cellAt(nodes: ArrayLike<number>, x: number): number {
  let [low, high] = [0, nodes.length - 1]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (nodes[middle]! <= x) low = middle
    else high = middle
  }
  return low
}

/**
 * Multiplies x by `growth`, beginning at `from`, until x passes `most` or `stops` holds. Then bisects. Returns null if
 * no x stops. If `growth` is below 1, x falls.
 */
export function growUntil(
  stops: (x: number) => boolean,
  { from, growth, most, rounds }: Readonly<Record<'from' | 'growth' | 'most', number> & { rounds?: number }>,
): Neighbours | null {
  for (
    let [before, after] = [from, from * growth];
    growth > 1 ? after <= most : after >= most;
    before = after, after *= growth
  )
    if (stops(after)) return bisect(before, after, stops, rounds)
  return null
}
