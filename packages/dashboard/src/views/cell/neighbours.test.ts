import { expect, test } from 'vitest'
import { neighboursOf } from './neighbours.ts'

const cellsOf = (rows: readonly Readonly<Record<string, unknown>>[]) => ({
  index: rows.map((_, at) => at),
  params: Object.fromEntries(Object.keys(rows[0] ?? {}).map((path) => [path, rows.map((row) => row[path])])),
})

const grid = cellsOf(
  [0.1, 0.3, 0.2].flatMap((eta) => [1, 2].map((sigma) => ({ 'update.eta': eta, 'update.drift.sigma': sigma }))),
)

test('a grid: the next smaller and larger value on each axis, with the keys of its direction', () => {
  expect(neighboursOf(grid, 4)).toEqual([
    { index: 0, name: 'eta 0.2 → 0.1', key: 'ArrowLeft' },
    { index: 2, name: 'eta 0.2 → 0.3', key: 'ArrowRight' },
    { index: 5, name: 'sigma 1 → 2', key: 'ArrowUp' },
  ])
})

test('a hole of the grid is skipped', () => {
  const whole = grid.index.filter((index) => index !== 4)
  const params = Object.fromEntries(
    Object.entries(grid.params).map(([path, values]) => [path, values.filter((_, at) => at !== 4)]),
  )
  expect(neighboursOf({ index: whole, params }, 0)).toContainEqual({
    index: 2,
    name: 'eta 0.1 → 0.3',
    key: 'ArrowRight',
  })
})

test('zipped axes are one axis', () => {
  const zipped = cellsOf([1, 2, 3].map((value) => ({ a: value, b: 10 * value })))
  expect(neighboursOf(zipped, 1)).toEqual([
    { index: 0, name: 'a 2 → 1', key: 'ArrowLeft' },
    { index: 2, name: 'a 2 → 3', key: 'ArrowRight' },
  ])
})

test('words, lists and mappings have names', () => {
  const cells = cellsOf([{ s: 'adam' }, { s: [1, 2] }, { s: { kind: 'x', k: 1 } }])
  expect(neighboursOf(cells, 1).map(({ name }) => name)).toEqual(['s (1, 2) → adam', 's (1, 2) → x, k 1'])
})

test('a random design has no line of cells, so its neighbours are the previous and the next cell', () => {
  const design = cellsOf([0.3, 0.9, 0.1].map((a, at) => ({ a, b: [0.5, 0.2, 0.4][at] })))
  expect(neighboursOf(design, 1).map(({ name }) => name)).toEqual(['cell 1 → 0', 'cell 1 → 2'])
})

test('one cell, no cells, and a cell that is not there have no neighbours', () => {
  expect(neighboursOf(cellsOf([{ a: 1 }]), 0)).toEqual([])
  expect(neighboursOf(cellsOf([]), 0)).toEqual([])
  expect(neighboursOf(grid, 17)).toEqual([])
})
