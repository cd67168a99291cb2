import { heightsOf } from './heights.ts'
import type { Curve } from './scene.ts'
import { markLetter, type Terminal } from './terminal.ts'
import { marginOf, withAxes } from './terminalAxes.ts'

const rows = 17
const largest = 72

/** Bits of the dots of a braille character, by column and row; U+2800 is the character without dots. */
const dots = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const

/**
 * The graph of the loss for a terminal: eight dots in each character, or stars in plain ASCII. Minima are marked 1, 2,
 * ...
 */
export function terminalCurve(curve: Curve, terminal: Terminal): readonly string[] {
  const [across, down] = terminal.unicode ? [2, 4] : [1, 1]
  const { range } = heightsOf(curve, 201)
  const margin = marginOf(range, 'L')
  const columns = Math.max(10, Math.min(largest, terminal.width - margin - 2))
  const { values } = heightsOf(curve, columns * across)
  const heights = values.map((value) => Math.round(((range[1] - value) / (range[1] - range[0])) * (rows * down - 1)))
  const set = new Set<number>()
  const put = (column: number, row: number) => {
    if (row >= 0 && row < rows * down) set.add(row * columns * across + column)
  }
  heights.forEach((height, column) => {
    if (!Number.isFinite(height)) return
    // A steep part is drawn as a vertical line that extends half of the way to the point on either side.
    const ends = [heights[column - 1], heights[column + 1]].map((beside) =>
      beside === undefined || !Number.isFinite(beside) ? height : Math.round((height + beside) / 2),
    )
    for (let row = Math.min(height, ...ends); row <= Math.max(height, ...ends); row++) put(column, row)
  })
  const [low, high] = curve.view
  const letters = new Map(
    curve.marks.map(({ at, loss }, index) => {
      const column = Math.round(((columns - 1) * (at[0]! - low)) / (high - low))
      const row = Math.round(((range[1] - loss) / (range[1] - range[0])) * (rows - 1))
      return [row * columns + column, markLetter(index)] as const
    }),
  )
  const letterAt = (row: number, column: number): string => {
    const mark = letters.get(row * columns + column)
    if (mark !== undefined) return mark
    const has = (a: number, b: number) => set.has((row * down + b) * columns * across + column * across + a)
    if (!terminal.unicode) return has(0, 0) ? '*' : ' '
    const code = dots.reduce((sum, side, a) => side.reduce((bits, dot, b) => bits | (has(a, b) ? dot : 0), sum), 0)
    return code === 0 ? ' ' : String.fromCodePoint(0x2800 + code)
  }
  const body = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => letterAt(row, column)).join(''),
  )
  return withAxes(body, columns, { x: curve.view, y: range, labels: [curve.axis, 'L'], unicode: terminal.unicode })
}
