import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CellsData, cellStates, mergedCells } from './cells.ts'

interface Cell {
  readonly index: number
  readonly state: CellsData['state'][number]
  readonly trials: number
  readonly value: number | null
}

const sweep = { id: 'a'.repeat(32), name: 'wells', state: 'running' } as const

const dataOf = (cells: readonly Cell[]): CellsData => ({
  sweep,
  version: '1',
  total: 100,
  index: cells.map(({ index }) => index),
  state: cells.map(({ state }) => state),
  trials: cells.map(({ trials }) => trials),
  shared: cells.map(() => 0),
  doubt: cells.map(() => null),
  params: { eta: cells.map(({ index }) => index / 10) },
  estimates: {
    escape: {
      value: cells.map(({ value }) => value),
      low: cells.map(({ value }) => value),
      high: cells.map(({ value }) => value),
    },
  },
})

const cells = fc
  .uniqueArray(
    fc.record({
      index: fc.nat(20),
      state: fc.constantFrom(...cellStates),
      trials: fc.nat(1000),
      value: fc.option(fc.double({ noNaN: true })),
    }),
    { selector: ({ index }) => index },
  )
  .map((all) => [...all].sort((a, b) => a.index - b.index))

test('changed cells replace their old values, and new cells are inserted in order', () => {
  fc.assert(
    fc.property(cells, cells, (before, change) => {
      const all = new Map([...before, ...change].map((cell) => [cell.index, cell]))
      const whole = [...all.values()].sort((a, b) => a.index - b.index)
      expect(mergedCells(dataOf(before), dataOf(change))).toEqual(dataOf(whole))
    }),
    { seed: 5, numRuns: 200 },
  )
  const one = dataOf([{ index: 0, state: 'met', trials: 5, value: 0.5 }])
  expect(mergedCells(null, one)).toBe(one)
})

test('parameters stay the same object while no cell is new, and new columns are filled up', () => {
  const { estimates: _, ...before } = dataOf(
    [0, 1, 2].map((index) => ({ index, state: 'running', trials: 0, value: null })),
  )
  const { params: __, ...change } = dataOf([{ index: 1, state: 'met', trials: 5, value: 0.5 }])
  const merged = mergedCells({ ...before, estimates: {} }, change)
  expect(merged.params).toBe(before.params)
  expect(merged.index).toBe(before.index)
  expect(merged.trials).toEqual([0, 5, 0])
  expect(merged.estimates).toEqual({
    escape: { value: [null, 0.5, null], low: [null, 0.5, null], high: [null, 0.5, null] },
  })
})
