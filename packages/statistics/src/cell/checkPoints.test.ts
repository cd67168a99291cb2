import { expect, test } from 'vitest'
import { checkPoints } from './guard.ts'

test('ceil(min (5/4)^k), then the maximum', () => {
  expect(checkPoints(1000, 2000)).toEqual([1000, 1250, 1563, 1954, 2000])
  expect(checkPoints(1000, 1000)).toEqual([1000])
  expect(checkPoints(64, 125)).toEqual([64, 80, 100, 125])
  expect(checkPoints(1, 6)).toEqual([1, 2, 3, 4, 5, 6])
})

test('43 of them from 1,000 to 10 million', () => {
  const points = checkPoints(1000, 10_000_000)
  expect(points).toHaveLength(43)
  expect(points.slice(-2)).toEqual([9403955, 10_000_000])
})

// python3 -c "print(-(-1000 * 5**120 // 4**120))"
test('exact where a double is not', () => {
  expect(checkPoints(1000, 10 ** 15)[120]).toBe(425795984000816)
})
