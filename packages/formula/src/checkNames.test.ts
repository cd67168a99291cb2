import { expect, it } from 'vitest'
import { checkNames } from './checkNames.ts'
import { mistake } from './mistake.fixture.ts'
import { parse } from './parser.ts'
import { substitute } from './substitute.ts'

const known = { names: ['loss', 'gradnorm', 'c'], arrays: new Map([['x', 5]]) }
const check = (text: string) => mistake(text, () => checkNames(parse(text), known, text))

it.each([
  ['loss + c*x[5]', 'none'],
  ['sum(i, 1, 4, x[i + 1])', 'none'],
  ['sum(i, 1, 5, x[6 - i])', 'none'],
  ['2*gradnrom', 'unknown-name 2+8: did you mean gradnorm?'],
  ['q', 'unknown-name 0+1: known names: loss, gradnorm, c'],
  ['y[1]', 'unknown-name 0+1: known names: x[...]'],
  ['1 + x', 'not-indexed 4+1: write x[1], or x[i] in a sum'],
  ['c[1]', 'not-a-list 0+1: write c'],
  ['x[6]', 'index-out-of-range 0+1: x runs from x[1] to x[5]'],
  ['sum(i, 1, 5, x[i + 1])', 'index-out-of-range 13+1: x runs from x[1] to x[5]'],
  ['sum(i, 1, 5, x[i - 1])', 'index-out-of-range 13+1: x runs from x[1] to x[5]'],
  ['sum(i, 1, 6, x[6 - i])', 'index-out-of-range 13+1: x runs from x[1] to x[5]'],
  [
    'sum(i, 1, 6, x[7 - i]) + sum(i, 1, 9, sum(j, 1, 9, x[i + j - 13]))',
    'index-out-of-range 13+1: x runs from x[1] to x[5]',
  ],
])('%s', (text, expected) => {
  expect(check(text)).toBe(expected)
})

it('takes long texts', () => {
  const text = Array.from({ length: 2500 }, () => 'x[5]').join(' + ')
  expect(check(text)).toBe('none')
})

it('refuses sums within sums that grow too large once the dimension is known', () => {
  const nested = parse('sum(i, 1, d, sum(j, 1, d, sum(k, 1, d, x[1])))')
  const sized = substitute(nested, new Map([['d', parse('1000')]]))
  expect(mistake('', () => checkNames(sized, known))).toBe('too-many-operations 0+0')
})
