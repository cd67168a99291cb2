import { expect, test } from 'vitest'
import { growth, shareWindow, windowSize } from './window.ts'

test('the window has a bundle for each thread and some that wait', () => {
  expect([windowSize(1), windowSize(10), windowSize(300), windowSize(5000)]).toEqual([8, 40, 1200, 8000])
})

test('bundles grow with the threads, so that the commit rate stays within its limit', () => {
  expect([growth(1), growth(75), growth(300), growth(750)]).toEqual([1, 1, 4, 10])
  expect(growth(500, 1_000)).toBe(1)
})

test('sweeps share the window by priority; dispatched bundles count; every sweep gets some', () => {
  const sweeps = [
    { id: 'a', priority: 0, out: 0 },
    { id: 'b', priority: 0, out: 5 },
    { id: 'c', priority: -10, out: 0 },
  ]
  expect([...shareWindow(20, sweeps)]).toEqual([
    ['a', 9],
    ['b', 4],
    ['c', 1],
  ])
  const [[, high], [, low]] = [
    ...shareWindow(100, [
      { id: 'h', priority: 2, out: 0 },
      { id: 'l', priority: 0, out: 0 },
    ]),
  ] as [[string, number], [string, number]]
  expect(high).toBeGreaterThan(2 * low)
})
