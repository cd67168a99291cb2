import { expect, test } from 'vitest'
import { axisOfPath } from '../figure/axis.ts'
import { tickFormat } from '../format/digits.ts'
import { linearTicks, logTicks, ticksOf, tileTicks } from './ticks.ts'

test('round numbers inside a range', () => {
  expect(linearTicks([0, 1], 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
  expect(linearTicks([-1.3, 1.3], 6)).toEqual([-1, -0.5, 0, 0.5, 1])
  expect(linearTicks([2, 2], 5)).toEqual([2])
})

test('powers of ten, and 2 and 5 times each power if there is room', () => {
  expect(logTicks([1e-8, 1], 5)).toEqual([1e-8, 1e-6, 1e-4, 1e-2, 1])
  expect(logTicks([1e-7, 1], 5)).toEqual([1e-6, 1e-4, 1e-2, 1])
  expect(logTicks([1e-7, 1e-1], 2)).toEqual([1e-7, 1e-1])
  expect(logTicks([0.5, 20], 5)).toEqual([0.5, 1, 2, 5, 10, 20])
  expect(logTicks([0.5, 20], 2)).toEqual([1, 10])
  expect(logTicks([1, 1], 5)).toEqual([1])
})

test('a short range on a log axis has the ticks of a linear axis', () => {
  expect(logTicks([3, 9], 5)).toEqual([4, 6, 8])
  expect(logTicks([0.2, 0.5], 4)).toEqual([0.2, 0.3, 0.4, 0.5])
  expect(logTicks([3.5, 14], 8)).toEqual([4, 6, 8, 10, 12, 14])
})

test('every step is 1, 2 or 5 times a power of ten, for any range', () => {
  for (let i = 0; i < 400; i++) {
    const low = 10 ** (((i * 7919) % 1000) / 100 - 5)
    const domain = [low, low * 10 ** (1 + (i % 17) / 2)] as const
    const ticks = logTicks(domain, 2 + (i % 7))
    expect(ticks.length).toBeGreaterThanOrEqual(2)
    expect(ticks.every((tick) => /^[125]e/.test(tick.toExponential()))).toBe(true)
    expect(ticks.every((tick, at) => at === 0 || tick > ticks[at - 1]!)).toBe(true)
  }
})

test('texts distinguish neighbouring ticks with as few digits as possible', () => {
  const near = [0.999997, 0.999998, 0.999999]
  expect(near.map(tickFormat(near))).toEqual(['0.999997', '0.999998', '0.999999'])
  const far = [0, 0.25, 0.5]
  expect(far.map(tickFormat(far))).toEqual(['0', '0.25', '0.5'])
  expect([1e-7, 2e6].map(tickFormat([1e-7, 2e6]))).toEqual(['1e-7', '2e6'])
  expect([128, 16384].map(tickFormat([128, 16384]))).toEqual(['128', '16384'])
})

test('all texts of an axis have one notation', () => {
  const textsOf = (ticks: readonly number[]) => ticks.map(tickFormat(ticks))
  expect(textsOf([0, 0.0005, 0.001])).toEqual(['0', '0.0005', '0.001'])
  expect(textsOf([0, 5e-5, 1e-4])).toEqual(['0', '5e-5', '1e-4'])
  expect(textsOf([1e-6, 1e-3, 1])).toEqual(['1e-6', '1e-3', '1'])
  expect(textsOf([1, 1e3, 1e6])).toEqual(['1', '1e3', '1e6'])
  expect(textsOf([2 / 3])).toEqual(['0.6667'])
})

test('the values present, without those too close to the previous one', () => {
  const axis = { label: '', scale: 'linear', domain: [0, 100], categories: null, path: null } as const
  expect(ticksOf({ ...axis, ticks: [0, 1, 50, 100] }, 5)).toEqual([0, 50, 100])
})

test('tiles at numbers with many digits have round numbers below them', () => {
  const values = Array.from({ length: 8 }, (_, i) => 0.1 * 10 ** (i / 7))
  const ticks = tileTicks(values, 6)
  expect(ticks.map(({ text }) => text)).toEqual(['0.1', '0.2', '0.5', '1'])
  expect(ticks[0]!.at).toBe(0.5 / 8)
  expect(ticks[1]!.at).toBeCloseTo((Math.log10(2) * 7 + 0.5) / 8, 12)
  expect(ticks.at(-1)!.at).toBe(7.5 / 8)
})

test('tiles at short numbers have exactly these numbers, at their centres', () => {
  expect(tileTicks([0.1, 0.3, 7], 6)).toEqual(
    [0.1, 0.3, 7].map((value, at) => ({ at: (at + 0.5) / 3, text: String(value) })),
  )
  expect(tileTicks([64, 256, 1024], 6).map(({ text }) => text)).toEqual(['64', '256', '1024'])
  expect(tileTicks([0.28867513], 6)).toEqual([{ at: 0.5, text: '0.2887' }])
  expect(tileTicks([0.3, 0.30001], 6)).toHaveLength(2)
})

test('values of a logarithmic range make a logarithmic axis, however short the range', () => {
  const scaleOf = (places: readonly number[]) =>
    axisOfPath({ path: 'eta', title: 'eta', isNumeric: true, places }, null).scale
  const range = (count: number, ratio: number) =>
    Array.from({ length: count }, (_, at) => Number((0.01 * ratio ** (at / (count - 1))).toPrecision(12)))
  expect([range(50, 4), range(5, 1.1), range(3, 100)].map(scaleOf)).toEqual(['log', 'log', 'log'])
  // Three values fit both scales. The others are spaced evenly, unevenly, or not positive.
  for (const places of [
    [0.05, 0.1, 0.2],
    [1, 2, 3, 4, 5],
    [1, 2, 4, 8, 9],
    [0, 1, 2, 4, 8],
  ])
    expect(scaleOf(places)).toBe('linear')
})
