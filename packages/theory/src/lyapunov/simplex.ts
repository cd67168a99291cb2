/** Nelder and Mead (1965). */
const moves = { reflect: -1, expand: -2, contract: 0.5, shrink: 0.5 } as const

export interface Found {
  readonly at: readonly number[]
  readonly value: number
}

/** The simplex method of Nelder and Mead. `size` is the length of the edges at `start`. The search is deterministic. */
export function descendSimplex(
  f: (at: readonly number[]) => number,
  start: readonly number[],
  { size, rounds }: { readonly size: number; readonly rounds: number },
): Found {
  const found = (at: readonly number[]): Found => ({ at, value: f(at) })
  const corners = [found(start), ...start.map((_, i) => found(start.map((x, j) => (i === j ? x + size : x))))]
  const byValue = (one: Found, other: Found) => (one.value === other.value ? 0 : one.value < other.value ? -1 : 1)
  for (let round = 0; round < rounds; round++) {
    corners.sort(byValue)
    const worst = corners.pop()!
    const last = corners.at(-1)!
    const center = start.map((_, i) => corners.reduce((sum, { at }) => sum + at[i]!, 0) / corners.length)
    const along = (share: number) => found(center.map((c, i) => c + share * (worst.at[i]! - c)))
    const reflected = along(moves.reflect)
    if (reflected.value < corners[0]!.value) {
      const expanded = along(moves.expand)
      corners.push(expanded.value < reflected.value ? expanded : reflected)
    } else if (reflected.value < last.value) corners.push(reflected)
    else {
      const contracted = along(moves.contract)
      if (contracted.value < worst.value) corners.push(contracted)
      else {
        const [best] = corners as [Found]
        const shrunk = [...corners.slice(1), worst].map(({ at }) =>
          found(at.map((x, i) => best.at[i]! + moves.shrink * (x - best.at[i]!))),
        )
        corners.splice(1, corners.length, ...shrunk)
      }
    }
  }
  return corners.reduce((one, other) => (other.value < one.value ? other : one))
}
