import { describe, expect, it } from 'vitest'
import { normalTail } from './normal.ts'

/** Python 3: 0.5 * math.erfc(z / math.sqrt(2)). */
const known = [
  [-8, 0.9999999999999993],
  [-0.5, 0.6914624612740131],
  [0, 0.5],
  [0.67, 0.25142889509531013],
  [0.7, 0.24196365222307306],
  [2, 0.02275013194817922],
  [5.6, 1.0717590258310968e-8],
  [5.7, 5.990371401063533e-9],
  [8, 6.220960574271819e-16],
  [20, 2.7536241186063314e-89],
  [37, 5.725571222525139e-300],
] as const

describe('the upper tail of the normal law', () => {
  it.each(known)('at %f', (z, tail) => {
    expect(Math.abs(normalTail(z) / tail - 1)).toBeLessThan(1e-13)
  })

  it('is 0 or 1 where nothing is left', () => {
    expect(normalTail(50)).toBe(0)
    expect(normalTail(-50)).toBe(1)
  })
})
