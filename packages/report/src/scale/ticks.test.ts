import { expect, test } from 'vitest'
import { linearTicks, logTicks, tickFormat, ticksOf } from './ticks.ts'

test('round numbers inside a range', () => {
  expect(linearTicks([0, 1], 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
  expect(linearTicks([-1.3, 1.3], 6)).toEqual([-1, -0.5, 0, 0.5, 1])
  expect(linearTicks([2, 2], 5)).toEqual([2])
})

test('powers of ten, and numbers between them if there is room', () => {
  expect(logTicks([1e-8, 1], 5)).toEqual([1e-8, 1e-6, 1e-4, 1e-2, 1])
  expect(logTicks([0.5, 20], 5)).toEqual([1, 3, 10])
  expect(logTicks([1, 1], 5)).toEqual([1])
})

test('texts distinguish neighbouring ticks with as few digits as possible', () => {
  const near = [0.999997, 0.999998, 0.999999]
  expect(near.map(tickFormat(near))).toEqual(['0.999997', '0.999998', '0.999999'])
  const far = [0, 0.25, 0.5]
  expect(far.map(tickFormat(far))).toEqual(['0', '0.25', '0.5'])
  expect([1e-7, 2e6].map(tickFormat([1e-7, 2e6]))).toEqual(['1e-7', '2e6'])
})

test('the values present, without those too close to the previous one', () => {
  const axis = { label: '', scale: 'linear', domain: [0, 100], categories: null, path: null } as const
  expect(ticksOf({ ...axis, ticks: [0, 1, 50, 100] }, 5)).toEqual([0, 50, 100])
})
