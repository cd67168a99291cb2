/** Halvings until two neighbouring doubles are reached, from any bracket that is met here. */
const mostHalvings = 200

/** Where a falling function passes through 0, between `from`, where it is above, and `to`, where it is below. */
export function fallsThrough(from: number, to: number, score: (at: number) => number): number {
  let above = from
  let below = to
  for (let turn = 0; turn < mostHalvings; turn++) {
    const middle = above + (below - above) / 2
    if (middle === above || middle === below) break
    if (score(middle) > 0) above = middle
    else below = middle
  }
  return above + (below - above) / 2
}

/**
 * The same over all positive numbers, from a first guess: halving goes by ratios, so small and large ones are alike.
 */
export function fallsThroughPositive(guess: number, score: (at: number) => number): number {
  let above = guess
  let below = guess
  for (let turn = 0; turn < mostHalvings && score(above) <= 0; turn++) above /= 16
  for (let turn = 0; turn < mostHalvings && score(below) > 0; turn++) below *= 16
  while (below / above > 2) {
    const middle = Math.sqrt(above) * Math.sqrt(below)
    if (score(middle) > 0) above = middle
    else below = middle
  }
  return fallsThrough(above, below, score)
}
