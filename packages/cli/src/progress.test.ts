import { expect, test } from 'vitest'
import { progressText } from './progress.ts'

const status = {
  trials: { done: 1_310_000, demanded: 4_200_000 },
  stopsByRule: false,
  events: 2004,
  worst: { cell: 3, estimate: 'escape', relative: 2.7 },
}
const speed = { trials: 95_400, steps: 94_900_000 }

test.each([
  [183, '31 %  1.31M of 4.2M trials  95.4k/s  94.9M steps/s  ETA 31 s  2004 events  worst ±270 %'],
  [62, '31 %  1.31M of 4.2M trials  95.4k/s  ETA 31 s  worst ±270 %'],
  [40, '31 %  1.31M of 4.2M trials  ETA 31 s'],
  [12, '31 %'],
])('in %d letters no part is cut', (width, text) => {
  expect(progressText(status, speed, width)).toBe(text)
})

test('before there is a speed there is no guess', () => {
  expect(progressText({ ...status, stopsByRule: true, worst: null }, null, 100)).toBe(
    '31 %  1.31M of <= 4.2M trials  2004 events',
  )
  expect(progressText({ ...status, worst: null }, { trials: 1e-9, steps: 1 }, 100)).toContain('ETA longer than')
})
