import { expect, it } from 'vitest'
import { checkNames } from './checkNames.ts'
import { mistake } from './mistake.fixture.ts'
import { parse } from './parser.ts'

const check = (text: string) => mistake(text, () => checkNames(parse(text), ['loss', 'gradnorm', 'c'], text))

it.each([
  ['loss + c*gradnorm', 'none'],
  ['sum(i, 1, 4, c*i)', 'none'],
  ['2*gradnrom', 'unknown-name 2+8: did you mean gradnorm?'],
  ['q', 'unknown-name 0+1: known names: loss, gradnorm, c'],
  ['y[1]', 'unknown-name 0+1: no names are defined here'],
  ['c[1]', 'not-a-list 0+1: write c'],
])('%s', (text, expected) => {
  expect(check(text)).toBe(expected)
})

it('takes long texts', () => {
  const text = Array.from({ length: 2500 }, () => 'c').join(' + ')
  expect(check(text)).toBe('none')
})
