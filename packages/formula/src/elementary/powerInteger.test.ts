import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { powerInteger } from './power.ts'

describe('powerInteger', () => {
  const x = 1.1
  test.each<[number, number]>([
    [0, 1],
    [1, x],
    [2, x * x],
    [3, x * x * x],
    [4, x * x * (x * x)],
    [5, x * x * (x * x) * x],
    [6, x * x * x * (x * x * x)],
    [7, x * x * x * (x * x * x) * x],
    [-1, 1 / x],
    [-3, 1 / (x * x * x)],
  ])('the order of x^%d', (k, value) => {
    expect(powerInteger(x, k)).toBe(value)
  })

  test('x^(2m) = x^m x^m and x^(2m+1) = x^(2m) x, up to 64', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.integer({ min: 1, max: 32 }), (x, m) => {
        const half = powerInteger(x, m)
        expect(powerInteger(x, 2 * m)).toBe(half * half)
        if (m < 32) expect(powerInteger(x, 2 * m + 1)).toBe(half * half * x)
        expect(powerInteger(x, -m)).toBe(1 / half)
      }),
    )
  })
})
