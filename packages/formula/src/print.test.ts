import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import * as build from './build.ts'
import { parse } from './parser.ts'
import { print } from './print.ts'
import { anyExpression } from './randomExpressions.fixture.ts'

it.each([
  '(x^2 - 1)^2/4',
  'a - (b - c)',
  'a - b - c',
  'a*(b*c)',
  'a/(b/c)',
  '-x^2',
  '(-x)^2',
  '-(x*y)',
  '-x*y',
  '-(1)',
  '(-1)^x',
  'x^-1',
  'x^-y^2',
  '(x^y)^z',
  'x^y^z',
  '--x',
  'a - -1',
  '2*pi*x',
  'sum(i, 1, d, h*x[i + 1]^2/2)',
  '!(x > 0) && (y < 1 || z == 2)',
  '!!(x > 0)',
  '1e+21 + 5e-324',
])('prints %s as it is written', (text) => {
  expect(print(parse(text))).toBe(text)
})

it('reads back what it printed, bit for bit', () => {
  fc.assert(
    fc.property(anyExpression, (e) => {
      expect(parse(print(e))).toEqual(e)
    }),
    { numRuns: 2000, seed: 1 },
  )
})

it('prints a choice for people', () => {
  const x = build.name('x')
  expect(print(build.select(build.compare('>', x, build.zero), x, build.negate(x)))).toBe('select(x > 0, x, -x)')
})
