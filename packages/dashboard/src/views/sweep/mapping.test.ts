import type { CellsData } from '@driftfarm/report'
import { expect, test } from 'vitest'
import { domainOf, mapped, numberOf, placesText, valuesOf } from './mapping.ts'

/** Each estimate encodes the position of the cell. */
function cellsOf(x: readonly unknown[], y: readonly unknown[], z: readonly unknown[]): CellsData {
  const points = x.flatMap((a) => y.flatMap((b) => z.map((c) => [a, b, c] as const)))
  const numbers = points.map((_, index) => index / points.length)
  return {
    sweep: { id: 'a'.repeat(32), name: 'wells', state: 'running' },
    version: '1',
    total: points.length,
    index: points.map((_, index) => index),
    state: points.map(() => 'open'),
    trials: points.map(() => 10),
    shared: points.map(() => 0),
    doubt: points.map(() => null),
    params: { x: points.map(([a]) => a), y: points.map(([, b]) => b), z: points.map(([, , c]) => c) },
    estimates: { escape: { value: numbers, low: numbers, high: numbers.map((number) => number + 0.1) } },
  }
}

test('numbers ascend, words keep their order', () => {
  const cells = cellsOf([3, 1, 2], ['sgd', 'adam'], [0])
  expect(valuesOf(cells, 'x')).toEqual([1, 2, 3])
  expect(valuesOf(cells, 'y')).toEqual(['sgd', 'adam'])
})

test('every cell is at its position, with the other axis at the chosen value', () => {
  const cells = cellsOf([1, 2, 3], [10, 20], ['a', 'b'])
  const all = mapped(cells, { x: 'x', y: 'y', at: 'z=1' })!
  expect(all).toMatchObject({ xs: [1, 2, 3], ys: [10, 20], others: [{ path: 'z', values: ['a', 'b'], at: 1 }] })
  for (const [row, y] of all.ys.entries())
    for (const [column, x] of all.xs.entries()) {
      const at = all.grid[row * 3 + column]!
      expect([cells.params.x![at], cells.params.y![at], cells.params.z![at]]).toEqual([x, y, 'b'])
    }
  expect(mapped(cells, { x: 'z', y: 'x' })).toMatchObject({ x: 'z', y: 'x', others: [{ path: 'y', at: 0 }] })
})

test('unknown axes in the address are ignored', () => {
  const cells = cellsOf([1, 2], [1], ['a'])
  expect(mapped(cells, { x: 'nothing', y: 'nothing', at: 'z=99,y=-1,q=1' })).toMatchObject({
    x: 'x',
    y: 'y',
    others: [{ path: 'z', at: 0 }],
  })
  expect(mapped(cells, { x: 'y' })).toMatchObject({ x: 'y', y: 'x' })
  expect(
    placesText([
      ['z', 0],
      ['y', 3],
    ]),
  ).toBe('z=0,y=3')
})

test('one axis gives one row, no axis gives no map, and a missing cell is a gap', () => {
  const cells = cellsOf([1, 2], [1], ['a'])
  const one: CellsData = { ...cells, params: { x: cells.params.x! } }
  expect(mapped(one, {})).toMatchObject({ y: null, ys: [null], grid: new Int32Array([0, 1]) })
  expect(mapped({ ...cells, params: {} }, {})).toBe(null)
  const sparse: CellsData = { ...cellsOf([1, 2], [1, 2], ['a']) }
  const without = { ...sparse, index: [0], state: ['met' as const], trials: [1], params: { x: [1], y: [1], z: ['a'] } }
  expect([...mapped(without, {})!.grid]).toEqual([0])
})

test('the numbers of a map and their range', () => {
  const cells = cellsOf([1, 2, 3, 4], [1], ['a'])
  expect([0, 1, 2, 3].map((at) => numberOf(cells, at, 'value', 'escape'))).toEqual([0, 0.25, 0.5, 0.75])
  expect(numberOf(cells, 1, 'width', 'escape')).toBeCloseTo(0.1)
  expect(numberOf(cells, 1, 'trials', 'escape')).toBe(10)
  expect(numberOf(cells, 1, 'value', 'other')).toBe(null)
  expect(domainOf([null, null])).toBe(null)
  expect(domainOf([0.01, 0.5, null])).toEqual([0, 0.5])
  expect(domainOf([0.4, 0.5])).toEqual([0.4, 0.5])
  expect(domainOf([3])).toEqual([3, 3])
  expect(domainOf([Number.POSITIVE_INFINITY, -1])).toEqual([-1, -1])
})
