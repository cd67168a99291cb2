import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as elementary from './index.ts'

const functions = { ...elementary }
const inf = Number.POSITIVE_INFINITY
const nan = Number.NaN
const tiny = 5e-324

describe('special values', () => {
  test.each<[keyof typeof functions, number, number]>([
    ['exp', 0, 1],
    ['exp', -0, 1],
    ['exp', inf, inf],
    ['exp', -inf, 0],
    ['exp', nan, nan],
    ['exp', 709.782712893384, 1.7976931348622732e308],
    ['exp', 709.7827128933841, inf],
    ['exp', -745.13, tiny],
    ['exp', -745.14, 0],
    ['exp', -1e308, 0],
    ['log', 0, -inf],
    ['log', -0, -inf],
    ['log', 1, 0],
    ['log', -1, nan],
    ['log', -inf, nan],
    ['log', inf, inf],
    ['log', nan, nan],
    ['log', tiny, -744.4400719213812],
    ['sin', -0, -0],
    ['sin', tiny, tiny],
    ['sin', inf, nan],
    ['sin', nan, nan],
    ['cos', -0, 1],
    ['cos', -inf, nan],
    ['tan', -0, -0],
    ['tan', -inf, nan],
    ['tan', -tiny, -tiny],
    ['sinh', -0, -0],
    ['sinh', -inf, -inf],
    ['sinh', nan, nan],
    ['sinh', 710.5, inf],
    ['cosh', -inf, inf],
    ['cosh', 0, 1],
    ['cosh', nan, nan],
    ['tanh', -0, -0],
    ['tanh', inf, 1],
    ['tanh', -inf, -1],
    ['tanh', nan, nan],
    ['tanh', tiny, tiny],
    ['atan', -0, -0],
    ['atan', inf, 1.5707963267948966],
    ['atan', -inf, -1.5707963267948966],
    ['atan', nan, nan],
    ['acos', 1, 0],
    ['acos', -1, Math.PI],
    ['acos', 0, 1.5707963267948966],
    ['acos', 1.0000000000000002, nan],
    ['acos', nan, nan],
    ['sigmoid', 0, 0.5],
    ['sigmoid', inf, 1],
    ['sigmoid', -inf, 0],
    ['sigmoid', -745.13, tiny],
    ['sigmoid', nan, nan],
    ['softplus', inf, inf],
    ['softplus', -inf, 0],
    ['softplus', 0, Math.LN2],
    ['softplus', nan, nan],
    ['erf', -0, -0],
    ['erf', inf, 1],
    ['erf', -inf, -1],
    ['erf', nan, nan],
    ['relu', -0, 0],
    ['relu', nan, 0],
    ['relu', -3, 0],
    ['relu', 3, 3],
    ['abs', -0, 0],
    ['sqrt', -0, -0],
    ['sqrt', -1, nan],
  ])('%s(%d) = %d', (name, x, value) => {
    expect((functions[name] as (x: number) => number)(x)).toBe(value)
  })

  test.each([
    [nan, 0, 1],
    [inf, -0, 1],
    [1, nan, 1],
    [1, inf, 1],
    [-1, inf, 1],
    [-1, -inf, 1],
    [-1, nan, nan],
    [nan, 1, nan],
    [0, 3, 0],
    [-0, 3, -0],
    [-0, 2, 0],
    [-0, 0.5, 0],
    [0, -1, inf],
    [-0, -3, -inf],
    [-0, -2, inf],
    [-0, -0.5, inf],
    [0, -inf, inf],
    [-0, inf, 0],
    [0.5, inf, 0],
    [0.5, -inf, inf],
    [-2, inf, inf],
    [-2, -inf, 0],
    [inf, 2, inf],
    [inf, -2, 0],
    [-inf, 3, -inf],
    [-inf, 2, inf],
    [-inf, -3, -0],
    [-inf, 0.5, inf],
    [-inf, -0.5, 0],
    [-8, 1 / 3, nan],
    [-2, 3, -8],
    [-2, 2, 4],
    [-2, 1e300, inf],
    [-2, -1075, -0],
    [2, 1023, 2 ** 1023],
    [2, -1074, tiny],
    [tiny, -1, inf],
    [10, 22, 1e22],
    [4, 0.5, 2],
    [2, 1e-320, 1],
  ])('power(%d, %d) = %d', (x, y, value) => {
    expect(elementary.power(x, y)).toBe(value)
  })

  test.each<[number, number, number, number]>([
    [-0, 0, -0, -0],
    [0, -0, 0, 0],
    [nan, 2, nan, nan],
    [2, nan, 2, 2],
    [-inf, inf, -inf, inf],
    [3, -4, -4, 3],
  ])('min(%d, %d) = %d, max = %d', (a, b, least, greatest) => {
    expect(elementary.min(a, b)).toBe(least)
    expect(elementary.max(a, b)).toBe(greatest)
  })
})

describe('symmetries hold to the last bit', () => {
  test.each(['sin', 'tan', 'sinh', 'tanh', 'atan', 'erf'] as const)('%s is odd', (name) => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (x) => {
        expect(functions[name](-x)).toBe(-functions[name](x))
      }),
    )
  })
  test.each(['cos', 'cosh'] as const)('%s is even', (name) => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (x) => {
        expect(functions[name](-x)).toBe(functions[name](x))
      }),
    )
  })
})
