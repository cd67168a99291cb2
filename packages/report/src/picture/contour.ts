import type { Grid } from './grid.ts'

/** A point on the grid, as column and row; both may be fractional. */
export type GridPoint = readonly [column: number, row: number]

/**
 * The borders of the region of a grid where the value is at least `level`, as closed loops that include the edge of the
 * grid. Marching squares with linear interpolation: the values are taken to fall below every level just outside the
 * edge, so that every line is closed. Where two opposite corners of a square are above the level, the mean of its
 * corners decides whether they are joined.
 */
export function contours({ columns, rows, values }: Grid, level: number): readonly (readonly GridPoint[])[] {
  const above = (i: number, j: number) =>
    i >= 0 && j >= 0 && i < columns && j < rows && values[j * columns + i]! >= level
  const value = (i: number, j: number) => values[j * columns + i]!
  // Corners have indices from -1 to columns and rows. An edge is identified by its lower or left corner and its
  // direction.
  const width = columns + 2
  const edge = (i: number, j: number, vertical: boolean) => 2 * ((j + 1) * width + i + 1) + (vertical ? 1 : 0)
  const next = new Map<number, number>()

  for (let j = -1; j < rows; j++) {
    for (let i = -1; i < columns; i++) {
      const corners = [above(i, j), above(i + 1, j), above(i + 1, j + 1), above(i, j + 1)] as const
      const sides = [edge(i, j, false), edge(i + 1, j, true), edge(i, j + 1, false), edge(i, j, true)] as const
      const isPair = corners[0] === corners[2] && corners[1] === corners[3] && corners[0] !== corners[1]
      const joined = isPair && (value(i, j) + value(i + 1, j) + value(i + 1, j + 1) + value(i, j + 1)) / 4 >= level
      // Going around the square, a line begins at a side where the value rises above the level, and ends at one where
      // it falls.
      const rises: number[] = []
      const falls: number[] = []
      for (let side = 0; side < 4; side++) {
        const [from, to] = [corners[side]!, corners[(side + 1) % 4]!]
        if (!from && to) rises.push(side)
        if (from && !to) falls.push(side)
      }
      for (const rise of rises) {
        // A corner that stands alone is cut off by the line from the next fall after its rise; a joined one by that
        // from the fall before.
        const fall = falls.length === 1 ? falls[0]! : joined ? (rise + 3) % 4 : (rise + 1) % 4
        next.set(sides[fall]!, sides[rise]!)
      }
    }
  }

  const place = (name: number): GridPoint => {
    const corner = name >> 1
    const [i, j] = [(corner % width) - 1, Math.floor(corner / width) - 1]
    const [k, l] = name % 2 === 1 ? [i, j + 1] : [i + 1, j]
    const inside = (a: number, b: number) => a >= 0 && b >= 0 && a < columns && b < rows
    if (!inside(i, j)) return [k, l]
    if (!inside(k, l)) return [i, j]
    const [from, to] = [value(i, j), value(k, l)]
    const share = Number.isFinite(from) && Number.isFinite(to) ? (level - from) / (to - from) : 0.5
    return [i + share * (k - i), j + share * (l - j)]
  }

  const loops: GridPoint[][] = []
  for (const first of next.keys()) {
    const loop: GridPoint[] = []
    for (let at: number | undefined = first; at !== undefined && next.has(at); ) {
      loop.push(place(at))
      const following: number = next.get(at)!
      next.delete(at)
      at = following
    }
    if (loop.length > 2) loops.push(loop)
  }
  return loops
}
