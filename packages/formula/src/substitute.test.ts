import { expect, it } from 'vitest'
import { parse } from './parser.ts'
import { print } from './print.ts'
import { freeNames, renameIndices, substitute } from './substitute.ts'

function put(text: string, replacements: Record<string, string>): string {
  return print(substitute(parse(text), new Map(Object.entries(replacements).map(([k, v]) => [k, parse(v)]))))
}

it.each([
  ['x + y', { x: 'y', y: 'x' }, 'y + x'],
  ['x^2', { x: 'a + b' }, '(a + b)^2'],
  ['sum(i, 1, d, i*x[i])', { i: '7', d: '3' }, 'sum(i, 1, 3, i*x[i])'],
  ['sum(i, 1, i, i)', { i: '7' }, 'sum(i, 1, 7, i)'],
  ['sum(i, 1, 3, c*x[i])', { c: 'i' }, 'sum(i_1, 1, 3, i*x[i_1])'],
  ['sum(i, 1, 3, c*i_1)', { c: 'i' }, 'sum(i_2, 1, 3, i*i_1)'],
  ['sum(i, 1, 3, sum(j, 1, i, c*x[j]))', { c: 'i*j' }, 'sum(i_1, 1, 3, sum(j_1, 1, i_1, i*j*x[j_1]))'],
  ['x[k + 1]', { k: '2', x: 'w' }, 'w[2 + 1]'],
])('%s with %o is %s', (text, replacements, expected) => {
  expect(put(text, replacements)).toBe(expected)
})

it('returns the same object where there is nothing to do', () => {
  const e = parse('sum(i, 1, d, x[i]^2) + y')
  expect(substitute(e, new Map([['z', parse('1')]]))).toBe(e)
})

it('survives a long sum', () => {
  const e = parse(`x${' + x'.repeat(4999)}`)
  expect(print(substitute(e, new Map([['x', parse('y')]])))).toBe(`y${' + y'.repeat(4999)}`)
})

it('renames indices', () => {
  expect(print(renameIndices(parse('sum(k, 1, 3, x[k]) + k'), new Set(['k'])))).toBe('sum(k_1, 1, 3, x[k_1]) + k')
})

it('finds free names in order of appearance', () => {
  const { names, arrays } = freeNames(parse('b + sum(i, i, n, x[i]*a*sum(j, 1, i, w[j + k]))'))
  expect([...names]).toEqual(['b', 'i', 'n', 'a', 'k'])
  expect([...arrays]).toEqual(['x', 'w'])
})
