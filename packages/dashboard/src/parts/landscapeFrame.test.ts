import type { LandscapeScene } from '@driftfarm/report'
import { expect, test } from 'vitest'
import { escapedRanges, frameOf, paintSurface, readingAt, wholeSize } from './landscapeFrame.ts'

const scene = (more: Partial<LandscapeScene>): LandscapeScene => ({
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
  ...more,
})

test.each([
  [300, 420],
  [1000, 420],
  [2560, 200],
])('a map in %s x %s pixels has one scale for both coordinates, and fits', (room, most) => {
  const frame = frameOf(scene({}), room, most)
  const [across, up] = [frame.x(1) - frame.x(0), frame.y(0) - frame.y(1)]
  expect(Math.abs(across / up - 1)).toBeLessThan(0.02)
  const { width, height } = wholeSize(frame)
  expect(width).toBeLessThanOrEqual(room)
  expect(height).toBeLessThanOrEqual(most + 1)
})

test('coordinates of very different size fill the frame', () => {
  const view = [
    [0, 1],
    [0, 1000],
  ] as const
  const frame = frameOf(scene({ view }), 600, 400)
  expect(frame.height).toBeGreaterThan(200)
  expect(frame.width).toBeGreaterThan(400)
})

test('the axis of a curve covers every loss', () => {
  const frame = frameOf(scene({ view: [[-2, 2]], columns: 4, rows: 1, losses: [3, null, 0, 1] }), 600, 400)
  expect(frame.levels).toEqual([])
  expect(frame.y(0)).toBeLessThan(frame.height)
  expect(frame.y(3)).toBeGreaterThan(0)
})

test.each([
  ['all', [5, 5, 5, 5, 5, 5, 5, 5]],
  ['none', [null, null, null, null, null, null, null, null]],
] as const)('a surface on which %s losses are equal or finite is painted', (_, losses) => {
  const flat = scene({ losses })
  const image = { width: 40, height: 20, data: new Uint8ClampedArray(4 * 800) } as unknown as ImageData
  paintSurface(image, flat, frameOf(flat, 600, 400))
  expect(image.data.filter((_, at) => at % 4 === 3).every((alpha) => alpha === 255)).toBe(true)
})

test('pixels of the escape set are orange at its edge; row 0 is below', () => {
  const half = scene({ escapes: [0, 0, 0, 0, 1, 1, 1, 1] })
  const image = { width: 40, height: 20, data: new Uint8ClampedArray(4 * 800) } as unknown as ImageData
  paintSurface(image, half, frameOf(half, 600, 400))
  const rows = Array.from({ length: 20 }, (_, j) => [...image.data.subarray(4 * 40 * j, 4 * 40 * j + 3)].join(' '))
  expect(rows.indexOf('213 94 0')).toBe(9)
  const plain = { width: 40, height: 20, data: new Uint8ClampedArray(4 * 800) } as unknown as ImageData
  paintSurface(plain, scene({}), frameOf(scene({}), 600, 400))
  expect(image.data.slice(4 * 40 * 12)).toEqual(plain.data.slice(4 * 40 * 12))
})

test('escaped stretches of a curve', () => {
  const curve = scene({ view: [[0, 4]], columns: 5, rows: 1, losses: [0, 0, 0, 0, 0], escapes: [1, 0, 0, 1, 1] })
  expect(escapedRanges(curve)).toEqual([
    [0, 0.5],
    [2.5, 4],
  ])
  expect(escapedRanges({ ...curve, escapes: [0, 0, 0, 0, 0] })).toEqual([])
})

test('the values at a pixel', () => {
  const frame = frameOf(scene({}), 600, 400)
  expect(readingAt(scene({}), frame, 0, frame.height - 1)).toBe(
    `x −2, y ${Number((2 / frame.height).toPrecision(3))}, loss L 1`,
  )
  expect(readingAt(scene({}), frame, frame.width - 1, 0)).toMatch(/^x 1\.99, y 2, loss L 8$/)
  expect(readingAt(scene({}), frame, -1, 5)).toBeNull()
  expect(readingAt(scene({}), frame, 5, frame.height)).toBeNull()
  const curve = scene({ view: [[-2, 2]], columns: 4, rows: 1, losses: [3, null, 0, 1] })
  expect(readingAt(curve, frameOf(curve, 600, 400), 0, 10)).toBe('x −2, loss L 3')
})
