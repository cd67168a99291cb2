import { expect, test } from 'vitest'
import { contourOf, type Piece } from './contour.ts'

type Field = (x: number, y: number) => number | null

/** Cells whose middles are at (column + 0.5, row + 0.5). The half-width of every interval is `half`. */
const contour = (columns: number, rows: number, level: number, field: Field, half = 0): Piece[] => {
  const value = (place: number) => field((place % columns) + 0.5, Math.floor(place / columns) + 0.5)
  return contourOf(columns, rows, level, {
    value,
    interval: (place) => {
      const number = value(place)
      return number === null ? [null, null] : [number - half, number + half]
    },
  })
}
const ends = (pieces: readonly Piece[]) => pieces.flatMap(({ from, to }) => [from, to])
const length = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, { from, to }) => sum + Math.hypot(to[0] - from[0], to[1] - from[1]), 0)

test('no cell, one cell, one row, and a constant have no contour', () => {
  for (const [columns, rows] of [
    [0, 0],
    [1, 1],
    [9, 1],
    [1, 9],
  ] as const)
    expect(contour(columns, rows, 0.5, (x) => x)).toEqual([])
  for (const constant of [0, 0.5, 1, Number.NaN, Number.POSITIVE_INFINITY])
    expect(contour(5, 5, 0.5, () => constant)).toEqual([])
})

test('of a plane it is the straight line, to rounding', () => {
  // 0.3 x + 0.2 y = 2 over the middles of 10 x 10 cells.
  const pieces = contour(10, 10, 2, (x, y) => 0.3 * x + 0.2 * y)
  for (const [x, y] of ends(pieces)) expect(0.3 * x + 0.2 * y).toBeCloseTo(2, 12)
  // It crosses from (0.5, 9.25) to (19/3, 0.5).
  expect(length(pieces)).toBeCloseTo(Math.hypot(19 / 3 - 0.5, 9.25 - 0.5), 10)
})

test('of a cone it is a circle, closed, with the error of a polygon', () => {
  const pieces = contour(100, 100, 30, (x, y) => Math.hypot(x - 50, y - 50))
  for (const [x, y] of ends(pieces)) expect(Math.hypot(x - 50, y - 50)).toBeCloseTo(30, 1)
  expect(Math.abs(length(pieces) / (2 * Math.PI * 30) - 1)).toBeLessThan(1e-3)
  const times = new Map<string, number>()
  for (const [x, y] of ends(pieces)) {
    const key = `${x.toFixed(6)} ${y.toFixed(6)}`
    times.set(key, (times.get(key) ?? 0) + 1)
  }
  expect(new Set(times.values())).toEqual(new Set([2]))
})

test('two peaks across a corner are apart if the middle is low, and joined if it is high', () => {
  const corners = (high: number) => (x: number, y: number) => (x > 1 === y > 1 ? high : 0)
  const apart = contour(2, 2, 0.6, corners(1))
  const joined = contour(2, 2, 0.4, corners(1))
  // The lines go around the corners (0.5, 0.5) and (1.5, 1.5), or around the other two.
  const middle = ({ from, to }: Piece) => [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2] as const
  expect(apart.map(middle).every(([x, y]) => x > 1 === y > 1)).toBe(true)
  expect(joined.map(middle).every(([x, y]) => x > 1 !== y > 1)).toBe(true)
  expect([apart.length, joined.length]).toEqual([2, 2])
})

test('a missing cell breaks the line at the four squares around it', () => {
  const line = (x: number, y: number) => x + 0.01 * y
  const whole = contour(9, 9, 4.2, line)
  const broken = contour(9, 9, 4.2, (x, y) => (x === 4.5 && y === 4.5 ? null : line(x, y)))
  expect(whole).toHaveLength(8)
  expect(broken).toHaveLength(6)
  expect(broken.every((piece) => whole.some((other) => other.from.join() === piece.from.join()))).toBe(true)
})

test('it is sure only where all four intervals exclude the level', () => {
  const slope = (x: number) => x / 10
  expect(contour(10, 3, 0.5, slope, 0.04).every(({ isSure }) => isSure)).toBe(true)
  expect(contour(10, 3, 0.5, slope, 0.06).some(({ isSure }) => isSure)).toBe(false)
  const unknown = contourOf(2, 2, 0.5, { value: (place) => place % 2, interval: () => [null, null] })
  expect(unknown).toMatchObject([{ isSure: false }])
})
