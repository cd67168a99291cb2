/** A piece of a contour line, in cells from the lower left corner of a map; the first cell's middle is at 0.5, 0.5. */
export interface Piece {
  readonly from: readonly [x: number, y: number]
  readonly to: readonly [x: number, y: number]
  /** Whether the intervals of all cells around the piece exclude the level. */
  readonly isSure: boolean
}

interface Numbers {
  /** The number at a place of the grid; null if it has none. */
  value(place: number): number | null
  /** The confidence interval at a place; null for an unknown limit. */
  interval(place: number): readonly [low: number | null, high: number | null]
}

/** A square with such a corner has a negative sum of sides. */
const missing = -4

/**
 * Where a number crosses a level, between the middles of neighbouring cells, by marching squares. The number is
 * interpolated linearly along each side of a square of four cells. Squares with a cell that has no number have no
 * contour. If opposite corners are above the level, their mean decides which corners are connected.
 */
export function contourOf(columns: number, rows: number, level: number, { value, interval }: Numbers): Piece[] {
  const pieces: Piece[] = []
  // Most squares of a large map are on one side of the level, and are left out before anything else is computed.
  const sides = Int8Array.from({ length: columns * rows }, (_, place) => {
    const number = value(place)
    return number === null || !Number.isFinite(number) ? missing : number >= level ? 1 : 0
  })
  const excludes = (place: number): boolean => {
    const [low, high] = interval(place)
    return (low !== null && low > level) || (high !== null && high < level)
  }
  for (let row = 0; row + 1 < rows; row++)
    for (let column = 0; column + 1 < columns; column++) {
      const first = row * columns + column
      const sum = sides[first]! + sides[first + 1]! + sides[first + columns]! + sides[first + columns + 1]!
      if (sum <= 0 || sum === 4) continue
      // Counter-clockwise from the lower left corner.
      const corners = [
        [column, row],
        [column + 1, row],
        [column + 1, row + 1],
        [column, row + 1],
      ] as const
      const places = corners.map(([x, y]) => y * columns + x)
      const known = places.map((place) => value(place)!)
      const isAbove = known.map((number) => number >= level)
      const crossings = corners.flatMap(([x, y], at) => {
        const next = (at + 1) % 4
        if (isAbove[at] === isAbove[next]) return []
        const share = (level - known[at]!) / (known[next]! - known[at]!)
        const [toX, toY] = corners[next]!
        return [[x + 0.5 + share * (toX - x), y + 0.5 + share * (toY - y)] as const]
      })
      const isSure = places.every(excludes)
      if (crossings.length === 2) {
        pieces.push({ from: crossings[0]!, to: crossings[1]!, isSure })
        continue
      }
      // All four sides are crossed. The lines go around the two corners on the other side of the level than the mean.
      const mean = known.reduce((sum, number) => sum + number, 0) / 4
      const around = mean >= level === isAbove[0] ? [0, 1, 2, 3] : [3, 0, 1, 2]
      const [a, b, c, d] = around.map((at) => crossings[at]!)
      pieces.push({ from: a!, to: b!, isSure }, { from: c!, to: d!, isSure })
    }
  return pieces
}
