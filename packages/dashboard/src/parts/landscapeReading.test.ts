import type { LandscapeScene } from '@driftfarm/report'
import { expect, test } from 'vitest'
import { readingAt } from './landscapeReading.ts'

const map: LandscapeScene = {
  title: '',
  coordinates: ['x', 'y'],
  view: [
    [-2, 2],
    [0, 2],
  ],
  columns: 4,
  rows: 2,
  losses: [1, 2, 3, 4, 5, 6, 7, 8],
  marks: [],
  sentences: [],
}
const frame = { left: 40, top: 30, width: 400, height: 200, x: [-2, 2], y: [0, 2] } as const

test('the values at a pixel', () => {
  expect(readingAt(map, frame, 40, 229)).toBe('x −2, y 0.01, loss L 1')
  expect(readingAt(map, frame, 439, 30)).toBe('x 1.99, y 2, loss L 8')
  expect(readingAt(map, frame, 39, 35)).toBeNull()
  expect(readingAt(map, frame, 45, 230)).toBeNull()
  const curve = { ...map, coordinates: ['x'], view: [[-2, 2]] as const, rows: 1, losses: [3, null, 0, 1] }
  expect(readingAt(curve, frame, 40, 40)).toBe('x −2, loss L 3')
})
