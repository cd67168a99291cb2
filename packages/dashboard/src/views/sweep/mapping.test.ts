import type { CellsData } from '@driftfarm/report'
import { expect, test } from 'vitest'
import { conditionOf, domainOf, mapped, numberOf, placesText, zoomText } from './mapping.ts'

type Axes = Readonly<Record<string, readonly unknown[]>>

/** Each estimate encodes the position of the cell. */
function cellsOf(axes: Axes): CellsData {
  let points: Readonly<Record<string, unknown>>[] = [{}]
  for (const [path, values] of Object.entries(axes))
    points = points.flatMap((point) => values.map((value) => ({ ...point, [path]: value })))
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
    params: Object.fromEntries(Object.keys(axes).map((path) => [path, points.map((point) => point[path])])),
    estimates: { escape: { value: numbers, low: numbers, high: numbers.map((number) => number + 0.1) } },
  }
}

const [x, y, z, w] = [
  [3, 1, 2],
  ['sgd', 'adam'],
  [0.5, 1, 2, 4],
  [7, 8, 9],
]

test.each<[axes: Axes, x: string | null, y: string | null, third: string | null, others: readonly string[]]>([
  [{}, null, null, null, []],
  [{ x }, 'x', null, null, []],
  [{ x, z }, 'x', 'z', null, []],
  [{ y, x }, 'x', null, 'y', []],
  [{ x, y, z }, 'x', 'z', 'y', []],
  [{ x, y, z, w }, 'x', 'z', 'y', ['w']],
  [{ y, method: ['direct', 'splitting'] }, 'y', null, 'method', []],
  [{ method: ['direct', 'splitting'], x }, 'x', null, 'method', []],
  [{ method: ['direct', 'splitting'] }, 'method', null, null, []],
  [{ y, v: ['gaussian', 'laplace'] }, 'y', 'v', null, []],
  [{ x, y: Array.from({ length: 26 }, (_, at) => `w${at}`) }, 'x', 'y', null, []],
  [{ y: ['one'], x, z }, 'x', 'z', null, ['y']],
  [{ x, y, z: Array.from({ length: 26 }, (_, at) => at), w }, 'x', 'z', 'y', ['w']],
  [{ x, w, z: Array.from({ length: 26 }, (_, at) => at) }, 'x', 'w', null, ['z']],
])('axes %# have their roles', (axes, ...roles) => {
  const map = mapped(cellsOf(axes), {})
  const others = map?.others.map(({ axis }) => axis.path) ?? []
  expect([map?.x.path ?? null, map?.y?.path ?? null, map?.third?.path ?? null, others]).toEqual(roles)
})

test('every cell is in one panel, at its row and column', () => {
  const cells = cellsOf({ x, y, z, w })
  const map = mapped(cells, { at: 'w=2' })!
  const seen = map.panels.flatMap(({ at: panel, grid }) =>
    [...grid].map((at, place) => {
      expect([map.x, map.y!, map.third!, map.others[0]!.axis].map(({ path }) => cells.params[path]![at])).toEqual([
        [1, 2, 3][place % 3],
        z![Math.floor(place / 3)],
        y![panel],
        9,
      ])
      return at
    }),
  )
  expect(new Set(seen).size).toBe(3 * 2 * 4)
})

test('axes are chosen by the address; what it names wrongly is ignored', () => {
  const cells = cellsOf({ x, y, z })
  expect(mapped(cells, { x: 'z', y: 'x' })).toMatchObject({ x: { path: 'z' }, y: { path: 'x' }, third: { path: 'y' } })
  expect(mapped(cells, { third: 'none', at: 'y=1' })).toMatchObject({ third: null, others: [{ at: 1 }] })
  expect(mapped(cells, { y: 'none' })).toMatchObject({ y: null, third: { path: 'y' }, panels: { length: 2 } })
  expect(mapped(cells, { y: 'none', third: 'none' })).toMatchObject({ third: null, panels: [{ grid: { length: 3 } }] })
  const wrong = { x: 'nothing', y: 'nothing', third: 'q', at: 'z=99,y=-1,q=1', zoom: 'x=2-1,q=0-1,y=0-9,z' }
  expect(mapped(cells, wrong)).toMatchObject({ x: { path: 'x' }, y: { path: 'z' }, zoomed: new Map() })
  expect(mapped(cells, { x: 'y' })).toMatchObject({ x: { path: 'y' }, y: { path: 'x' }, third: { path: 'z' } })
  const both = cellsOf({ x, method: ['direct', 'splitting'] })
  expect(mapped(both, { x: 'method', y: 'method' })).toMatchObject({ x: { path: 'x' }, y: null })
})

test('a zoomed view has only the cells inside, and can be zoomed again', () => {
  const cells = cellsOf({ x: [1, 2, 3, 4, 5], y: [1, 2, 3, 4] })
  const map = mapped(cells, { zoom: 'x=1-3,y=2-3' })!
  expect(map.x.values).toEqual([2, 3, 4])
  expect([...map.panels[0]!.grid].map((at) => [cells.params.x![at], cells.params.y![at]])).toEqual([
    [2, 3],
    [3, 3],
    [4, 3],
    [2, 4],
    [3, 4],
    [4, 4],
  ])
  const again = zoomText(map, { x: [1, 2], y: [0, 0] })
  expect(again).toBe('x=2-3,y=2-2')
  expect(mapped(cells, { zoom: again })).toMatchObject({ x: { values: [3, 4] }, y: null })
  // One row is a curve.
  expect(mapped(cells, { zoom: 'y=1-1' })).toMatchObject({ y: null, x: { path: 'x' } })
  expect(placesText([['z', 0]])).toBe('z=0')
})

test('a missing cell is a gap; of cells at one place the first is shown', () => {
  const cells = cellsOf({ x: [1, 2], y: [1, 2] })
  const some = { index: [0, 3], params: { x: [1, 2], y: [1, 2] } }
  // Two cells on the diagonal are one axis.
  expect([...mapped(some, {})!.panels[0]!.grid]).toEqual([0, 1])
  const three = { index: [0, 1, 3], params: { x: [1, 1, 2], y: [1, 2, 2] } }
  expect([...mapped(three, {})!.panels[0]!.grid]).toEqual([0, -1, 1, 2])
  const twice = { index: [0, 1, 2, 3, 4], params: { x: [...cells.params.x!, 1], y: [...cells.params.y!, 1] } }
  expect([...mapped(twice, {})!.panels[0]!.grid]).toEqual([0, 2, 1, 3])
  expect(mapped({ index: [0], params: { x: [null] } }, {})).toBe(null)
})

test('10,000 cells', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => at)
  const { grid } = mapped(cellsOf({ x: hundred, y: hundred }), {})!.panels[0]!
  expect([grid[0], grid[1], grid[100], grid[9999]]).toEqual([0, 100, 1, 9999])
})

test('the numbers of a map and their range', () => {
  const cells = cellsOf({ x: [1, 2, 3, 4] })
  expect([0, 1, 2, 3].map((at) => numberOf(cells, at, 'value', 'escape'))).toEqual([0, 0.25, 0.5, 0.75])
  expect(numberOf(cells, 1, 'width', 'escape')).toBeCloseTo(0.1)
  expect(numberOf(cells, 1, 'trials', 'escape')).toBe(10)
  expect(numberOf(cells, 1, 'value', 'other')).toBe(null)
  expect(domainOf([null, null])).toBe(null)
  expect(domainOf([0.01, 0.5, null])).toEqual([0, 0.5])
  expect(domainOf([0.4, 0.5])).toEqual([0.4, 0.5])
  expect(domainOf([3])).toEqual([3, 3])
  expect(domainOf([Number.POSITIVE_INFINITY, Number.NaN, -1])).toEqual([-1, -1])
  // A log scale begins at the smallest number that has a colour.
  expect(domainOf([0, 1e-5, 0.5, null], true)).toEqual([1e-5, 0.5])
  expect(domainOf([0, 0], true)).toBe(null)
})

test('the shown cells as a condition: chosen values, and zoomed parts of axes', () => {
  const cells = cellsOf({ x, 'update.rule': y, z, w })
  const map = (search: object) => mapped(cells, { x: 'x', y: 'z', third: 'none', ...search })!
  expect(conditionOf(map({ at: 'update.rule=1,w=0' }))).toBe(`update.rule == "adam" && w == ${w[0]}`)
  expect(conditionOf(map({ zoom: 'z=1-2' }))).toContain('z >= 1 && z <= 2')
  expect(conditionOf(mapped(cellsOf({ x, z }), {})!)).toBeUndefined()
  const words = mapped(cellsOf({ y, z }), { zoom: 'y=0-0' })!
  expect(conditionOf(words)).toBe('(y == "sgd")')
})
