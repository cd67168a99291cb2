import { expect, test } from 'vitest'
import { glanceData, glanceGrid } from './glance.ts'

const axes = (...counts: (number | null)[]) => counts.map((count, at) => ({ path: `let.${at}`, from: 0, to: 1, count }))

test('one cell is one number, one axis a line', () => {
  expect(glanceGrid([], 1)).toEqual({ columns: 1, rows: 1, indices: [0] })
  expect(glanceGrid(axes(3), 3)).toEqual({ columns: 3, rows: 1, indices: [0, 1, 2] })
  // Lists that are swept together
  expect(glanceGrid(axes(3, 3), 3)).toEqual({ columns: 3, rows: 1, indices: [0, 1, 2] })
})

test('two axes are a map, row by row; further axes have their first value', () => {
  expect(glanceGrid(axes(2, 3), 6)).toEqual({ columns: 2, rows: 3, indices: [0, 3, 1, 4, 2, 5] })
  expect(glanceGrid(axes(2, 1, 2, 5), 20)!.indices).toEqual([0, 10, 5, 15])
})

test('a million cells give at most 24 x 24 numbers, with the corners', () => {
  const { columns, rows, indices } = glanceGrid(axes(1000, 1000), 1_000_000)!
  expect([columns, rows, indices.length]).toEqual([24, 24, 576])
  expect([indices[0], indices[23], indices.at(-1)]).toEqual([0, 999_000, 999_999])
})

test('cells that are no grid, such as a design of too many values to count, have no picture', () => {
  expect(glanceGrid(axes(3, 3), 7)).toBeNull()
  expect(glanceGrid(axes(null, null), 100_000)).toBeNull()
  expect(glanceData('escape', null, () => 1)).toEqual({ estimate: 'escape', columns: 0, rows: 0, values: [] })
})

test('values that are missing or infinite are null', () => {
  const values = [0.5, undefined, Number.POSITIVE_INFINITY]
  expect(glanceData('escape', glanceGrid(axes(3), 3), (index) => values[index]).values).toEqual([0.5, null, null])
})
