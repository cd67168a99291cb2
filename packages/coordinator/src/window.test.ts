import { expect, test } from 'vitest'
import { shareWindow, windowSize } from './window.ts'

test('the window follows threads, within bounds', () => {
  expect([windowSize(1), windowSize(10), windowSize(5000)]).toEqual([8, 40, 1000])
})

test('sweeps share the window by priority; what is out counts; none is left without', () => {
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
