import { describe, expect, it } from 'vitest'
import * as build from './build.ts'
import { compileScalar, evaluate } from './compile.ts'
import { differentiate } from './differentiate.ts'
import * as elementary from './elementary/index.ts'
import { parseCondition, parseNumber } from './parser.ts'
import { print } from './print.ts'

const e = parseNumber('-eta*sign(g)', { rule: true })

it.each([
  [3, 1],
  [5e-324, 1],
  [0, 0],
  [-0, 0],
  [-1e300, -1],
  [Number.NEGATIVE_INFINITY, -1],
  [Number.NaN, Number.NaN],
])('sign(%d) is %d', (x, expected) => {
  expect(elementary.sign(x)).toBe(expected)
  expect(evaluate(parseNumber('sign(x)', { rule: true }), () => x)).toBe(expected)
  const slots = { names: new Map([['x', 0]]), arrays: new Map() }
  expect(compileScalar(parseNumber('sign(x)', { rule: true }), slots)(new Float64Array([x]), [])).toBe(expected)
})

describe('in rules alone', () => {
  it('prints as it is written', () => {
    expect(print(e)).toBe('-eta*sign(g)')
    expect(parseNumber(print(e), { rule: true })).toEqual(e)
  })

  it('has derivative 0', () => {
    expect(differentiate(e, { name: 'g' })).toEqual(build.zero)
  })

  it.each([['sign(x)'], ['1 + sign(x)*2']])('%s is no number elsewhere', (text) => {
    expect(() => parseNumber(text)).toThrow('unknown function `sign`')
    expect(() => parseCondition(`${text} > 0`)).toThrow('unknown function `sign`')
  })

  it('takes one argument, in parentheses', () => {
    expect(() => parseNumber('sign(g, g)', { rule: true })).toThrow('takes 1 argument')
    expect(() => parseNumber('sign*g', { rule: true })).toThrow('needs its arguments')
  })
})
