import { expect, test } from 'vitest'
import { cellTicks, partOf, viewAxes } from './axes.ts'

const range = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Number((from + ((to - from) * i) / (count - 1)).toPrecision(12)))
const geometric = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Number((from * (to / from) ** (i / (count - 1))).toPrecision(12)))

const axisOf = (values: readonly unknown[]) => viewAxes({ index: values.map((_, at) => at), params: { a: values } })[0]!

/** Where the number of a tick is on the axis, from its text: an oracle that does not use the ticks' own places. */
function placeOf(values: readonly number[], text: string, isLog = false): number {
  const to = isLog ? Math.log : (value: number) => value
  const [first, last, number] = [to(values[0]!), to(values.at(-1)!), to(Number(text))]
  return (0.5 + ((number - first) / (last - first)) * (values.length - 1)) / values.length
}

test('numbers ascend, words keep their order, missing values have no place', () => {
  expect(axisOf([3, 1, 2, 1])).toMatchObject({ values: [1, 2, 3], positions: new Int32Array([2, 0, 1, 0]) })
  const words = axisOf(['sgd', 'adam', null, { momentum: { beta: 0.9 } }])
  expect([...words.positions]).toEqual([0, 1, -1, 2])
  expect([0, 1, 2].map(words.labelOf)).toEqual(['sgd', 'adam', 'momentum'])
  expect(viewAxes({ index: [], params: {} })).toEqual([])
  expect(viewAxes({ index: [], params: { a: [] } })[0]!.values).toEqual([])
})

test('zipped lists are one axis, in either direction; a product of lists is two', () => {
  const index = [0, 1, 2, 3]
  expect(viewAxes({ index, params: { a: [1, 2, 3, 4], 'b.c': [40, 30, 20, 10] } })).toMatchObject([
    { path: 'a', name: 'a with c' },
  ])
  expect(viewAxes({ index, params: { a: [1, 1, 2, 2], b: [1, 2, 1, 2] } })).toHaveLength(2)
})

test.each<[name: string, values: readonly number[], isLog: boolean]>([
  ['24 values from 0.02 to 0.3', range(0.02, 0.3, 24), false],
  ['100 values from 0.5 to 2', range(0.5, 2, 100), false],
  ['15 values over two decades', geometric(0.02, 2, 15), true],
  ['100 values over six decades', geometric(1e-6, 1, 100), true],
])('%s: ticks are 1, 2 or 5 times a power of ten, at their places', (_, values, isLog) => {
  for (const count of [2, 4, 8, 20]) {
    const ticks = cellTicks(axisOf(values), count)
    expect(ticks.length).toBeGreaterThanOrEqual(2)
    expect(ticks.length).toBeLessThanOrEqual(Math.max(4, 1.7 * count))
    for (const { at, text } of ticks) {
      expect(text.replace(/^0\.0*|e.*$/g, '').length).toBeLessThanOrEqual(3)
      expect(at).toBeCloseTo(placeOf(values, text, isLog), 8)
    }
    const gaps = ticks.slice(1).map(({ at }, i) => at - ticks[i]!.at)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0.6 / count - 1e-9)
  }
})

test('few values are all ticks, even long ones; of many, round numbers are', () => {
  expect(cellTicks(axisOf([0.1, 0.2887, 0.5]), 10).map(({ text }) => text)).toEqual(['0.1', '0.2887', '0.5'])
  expect(cellTicks(axisOf(geometric(0.1, 1, 13)), 10).map(({ text }) => text)).toEqual(['0.1', '0.2', '0.5', '1'])
  const six = cellTicks(axisOf(geometric(0.05, 0.25, 6)), 16)
  expect(six.map(({ text }) => text)).toEqual(['0.05', '0.06899', '0.09518', '0.1313', '0.1812', '0.25'])
  expect(six.map(({ at }) => at)).toEqual([0, 1, 2, 3, 4, 5].map((at) => (at + 0.5) / 6))
  expect(cellTicks(axisOf([0.5, 1, 2, 4, 8, 16, 32]), 10)).toHaveLength(7)
  expect(cellTicks(axisOf([7]), 10)).toEqual([{ at: 0.5, text: '7' }])
})

test('if there is no room, words are left out evenly', () => {
  const words = axisOf(Array.from({ length: 40 }, (_, at) => `w${at}`))
  expect(cellTicks(words, 10).map(({ text }) => text)).toEqual(Array.from({ length: 10 }, (_, i) => `w${4 * i}`))
})

test('a part of an axis', () => {
  const whole = axisOf(geometric(0.01, 1, 9))
  const part = partOf(whole, [2, 4])
  expect(part.values).toEqual(whole.values.slice(2, 5))
  expect([...part.positions]).toEqual([-1, -1, 0, 1, 2, -1, -1, -1, -1])
  expect(part.scale).toMatchObject({ scale: 'log', domain: [whole.values[2], whole.values[4]] })
  expect([0, 1, 2].map(part.labelOf)).toEqual([2, 3, 4].map(whole.labelOf))
  expect(partOf(whole, [0, 8])).toBe(whole)
  expect(partOf(axisOf(['a', 'b', 'c']), [1, 1]).scale.categories).toEqual(['b'])
})
