import { expect, test } from 'vitest'
import { extentOf } from './interval.ts'

test('the least and the largest, of a million too', () => {
  expect(extentOf([3, -1, 2])).toEqual([-1, 3])
  expect(extentOf(Array.from({ length: 1_000_000 }, (_, i) => i))).toEqual([0, 999_999])
})

test('of none nothing is the least, and of what is no number nothing is known', () => {
  expect(extentOf([])).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
  expect(extentOf([1, Number.NaN])).toEqual([Number.NaN, Number.NaN])
})
