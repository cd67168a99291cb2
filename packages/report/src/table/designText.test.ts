import { expect, test } from 'vitest'
import { designText } from './designText.ts'

test.each([
  ['sobol', 1, 'sobol, 1 point over a, b'],
  ['sobol', 64, 'sobol, 64 points over a, b'],
  ['sobol', 100, 'sobol, 100 points over a, b; 64 or 128 points (a power of two) would be spread more evenly'],
  ['sobol', 1_000_000, 'sobol, 1000000 points over a, b; 524288 points (a power of two) would be spread more evenly'],
  ['latin', 100, 'latin, 100 points over a, b'],
] as const)('%s of %d', (kind, points, text) => {
  expect(designText({ kind, points, axes: ['a', 'b'] })).toBe(text)
})
