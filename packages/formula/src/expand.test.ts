import { expect, it } from 'vitest'
import * as build from './build.ts'
import { differentiate } from './differentiate.ts'
import { FormulaError } from './errors.ts'
import { expand } from './expand.ts'
import { mistake } from './mistake.fixture.ts'
import { parse } from './parser.ts'
import { print } from './print.ts'
import { simplify } from './simplify.ts'

const written = (text: string, constants: Record<string, number> = {}) =>
  print(expand(parse(text), new Map(Object.entries(constants))))

it.each([
  ['sum(i, 1, d - 1, x[i + 1]*i)', { d: 4 }, 'x[2]*1 + x[3]*2 + x[4]*3'],
  ['prod(i, 1, 3, x[i])', {}, 'x[1]*x[2]*x[3]'],
  ['sum(i, 1, 3, sum(j, 1, i, x[j]))', {}, 'x[1] + (x[1] + x[2]) + (x[1] + x[2] + x[3])'],
  ['sum(i, 3, 1, x[i])', {}, '0'],
  ['prod(i, 3, 1, x[i])', {}, '1'],
  ['x[d]', { d: 3 }, 'x[3]'],
  ['x[k]', {}, 'x[k]'],
  ['sum(i, 1, n, sum(j, 1, n, x[j]))', { n: 2 }, 'x[1] + x[2] + (x[1] + x[2])'],
  ['sum(i, 1, 2, sum(i, 1, 2, x[i]))', {}, 'x[1] + x[2] + (x[1] + x[2])'],
])('%s', (text, constants, expected) => {
  expect(written(text, constants)).toBe(expected)
})

it.each([
  ['sum(i, 1, d, x[i])', 'bounds-not-constant'],
  ['sum(i, 1, 1/2, x[i])', 'bounds-not-integer'],
  ['sum(i, 0, 2, x[i])', 'index-out-of-range'],
  ['sum(i, 1, 2, x[i/2])', 'index-not-integer'],
  ['sum(i, 1, 6000, x[i])', 'too-many-nodes'],
  ['sum(i, 1, 9999, sum(j, 1, 9999, x[j]))', 'too-many-nodes'],
  ['sum(i, 1, 9000, sum(j, 1, 0, x[j]*x[j]*x[j]*x[j]*x[j]*x[j]*x[j]*x[j]*x[j]*x[j]))', 'too-many-nodes'],
  ['sum(i, 1, 90, sum(j, 1, 90, sum(k, 1, 90, x[k])))', 'too-many-nodes'],
])('refuses %s', (text, code) => {
  expect(mistake(text, (t) => expand(parse(t)))).toMatch(new RegExp(`^${code} `))
})

it('writes out a sum as large as the limit allows', () => {
  expect(written('sum(i, 1, 3000, x[i])').split(' + ')).toHaveLength(3000)
  expect(() => written('sum(i, 1, 3400, x[i])')).toThrow(FormulaError)
})

it('keeps the side of a settled choice only', () => {
  const gradient = differentiate(parse('sum(i, 1, 2, x[i]*x[i + 1])'), { name: 'x', index: build.name('k') })
  const at = (k: number) => print(simplify(expand(gradient, new Map([['k', k]]))))
  expect([1, 2, 3].map(at)).toEqual(['x[2]', 'x[3] + x[1]', 'x[2]'])
})
