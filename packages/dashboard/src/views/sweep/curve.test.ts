import { type CellsData, labelledTicks } from '@driftfarm/report'
import { expect, test } from 'vitest'
import { viewAxes } from './axes.ts'
import { curveAxes, curvePoints, placesIn, pointsOn } from './curve.ts'

type Estimate = readonly [value: number | null, low: number | null, high: number | null]

function curveOf(values: readonly unknown[], estimates: readonly Estimate[], isLog = false) {
  const [axis] = viewAxes({ index: values.map((_, at) => at), params: { a: values } })
  const column = (part: number) => estimates.map((each) => each[part] ?? null)
  const cells = {
    state: values.map((_, at) => (at === 1 ? 'open' : 'met')),
    doubt: values.map(() => null),
    estimates: { escape: { value: column(0), low: column(1), high: column(2) } },
  } as unknown as CellsData
  const grid = Int32Array.from(values, (_, at) => at)
  return { axis: axis!, points: curvePoints(cells, axis!, grid, 'escape', isLog) }
}
const options = { label: 'P(escape)', isShare: true, isLog: false }

test('cells without a finite estimate have no point', () => {
  const { points } = curveOf(
    [1, 2, 3, 4],
    [
      [0.1, 0, 0.2],
      [null, null, null],
      [Number.NaN, 0, 1],
      [0.4, 0.3, 0.5],
    ],
  )
  expect(points.map(({ x, value }) => [x, value])).toEqual([
    [1, 0.1],
    [4, 0.4],
  ])
  expect(curveOf([], []).points).toEqual([])
})

test('ticks go as far as the curves of other sweeps', () => {
  const estimates = [0.1, 0.2, 0.3].map((value) => [value, 0, 1] as const)
  const [short, long] = [curveOf([0.5, 0.6, 0.7], estimates), curveOf([0.5, 2, 4], estimates)]
  const ticksOf = (points: typeof long.points) =>
    labelledTicks(curveAxes(short.axis, [short.points, points], options).x, 8).map(({ text }) => Number(text))
  expect(ticksOf(short.points)).toEqual([0.5, 0.6, 0.7])
  expect(ticksOf(long.points)).toEqual([0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4])
})

test('an axis of powers is logarithmic: equal factors are equal distances, inside the frame', () => {
  const values = [0.01, 0.1, 1, 10]
  const { axis, points } = curveOf(
    values,
    values.map(() => [0.5, 0.4, 0.6] as const),
  )
  const { px, py } = placesIn(curveAxes(axis, [points], options), 600, 300)
  const gaps = [1, 2, 3].map((at) => px(values[at]!) - px(values[at - 1]!))
  expect(gaps[1]).toBeCloseTo(gaps[0]!, 8)
  expect(gaps[2]).toBeCloseTo(gaps[0]!, 8)
  expect([px(0.01) > 0, px(10) < 600, py(0.4) < 300, py(0.6) > 0]).toEqual([true, true, true, true])
  // Limits outside are drawn at the frame.
  expect([py(Number.NEGATIVE_INFINITY), py(Number.POSITIVE_INFINITY)]).toEqual([300, 0])
})

test('on a log scale 0 is an upper limit; without any positive number the frame is still finite', () => {
  const { axis, points } = curveOf(
    [1, 2],
    [
      [0, 0, 0.01],
      [0.5, 0.4, 0.6],
    ],
    true,
  )
  expect(points.map(({ isLimit, isOpen }) => [isLimit, isOpen])).toEqual([
    [true, false],
    [false, true],
  ])
  const { y } = curveAxes(axis, [points], { ...options, isLog: true })
  expect(y).toMatchObject({ scale: 'log' })
  expect(y.domain![0]).toBeLessThan(0.01)
  const none = curveAxes(axis, [[]], { ...options, isLog: true })
  expect([...none.x.domain!, ...none.y.domain!].every(Number.isFinite)).toBe(true)
})

test('another sweep is drawn at its own numbers, and the axis reaches them; words are not numbers', () => {
  const { axis, points } = curveOf(
    [1, 2],
    [
      [0.1, 0, 0.2],
      [0.2, 0.1, 0.3],
    ],
  )
  const wider = curveOf(
    [0.5, 4],
    [
      [0.1, 0, 0.2],
      [0.9, 0.8, 1],
    ],
  )
  const over = pointsOn(axis, wider.axis, wider.points)
  const [low, high] = curveAxes(axis, [points, over], options).x.domain!
  expect([low < 0.5, high > 4]).toEqual([true, true])
  const words = curveOf(
    ['sgd', 'adam'],
    [
      [0.1, 0, 1],
      [0.2, 0, 1],
    ],
  )
  expect(pointsOn(axis, words.axis, words.points)).toEqual([])
  expect(pointsOn(words.axis, words.axis, words.points)).toEqual([])
})
