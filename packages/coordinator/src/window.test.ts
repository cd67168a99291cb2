import { expect, test } from 'vitest'
import { shareWindow, windowSize } from './window.ts'

test('the window follows threads and pace, within bounds', () => {
  expect([windowSize(1, 0), windowSize(10, 0), windowSize(2, 300), windowSize(5000, 1e6)]).toEqual([16, 40, 150, 1000])
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
